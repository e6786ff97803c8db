"""Fixtures of the rig."""

from tests.telephony.exchange import asterisk, exchange

__all__ = ["asterisk", "exchange"]
