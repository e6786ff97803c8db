"""Puts the parts together: wiring, server, pages, command line's work."""
