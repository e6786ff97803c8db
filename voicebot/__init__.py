"""The voice that answers a medical practice's telephone."""

__version__ = "0.1.0"
