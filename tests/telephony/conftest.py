"""Fixtures of the rig."""

from tests.telephony.exchange import asterisk, exchange
from tests.telephony.phone_house import house, template

__all__ = ["asterisk", "exchange", "house", "template"]
