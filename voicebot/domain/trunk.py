"""An account with a telephone operator: whence patients' calls come, and by which mobiles are rung."""

from dataclasses import dataclass
from typing import Literal

Dialling = Literal["national", "international", "plus"]
"""How the operator wants numbers: `0639981234`, `0033639981234`, `+33639981234`."""


@dataclass(frozen=True)
class Trunk:
    """Its password is kept apart."""

    id: str
    """`[a-z0-9_]+`."""
    host: str
    """Name or address, `:port` allowed: where we register and send calls."""
    user: str = ""
    """The account; empty = the operator knows us by our address."""
    addresses: tuple[str, ...] = ()
    """Whence its calls come (addresses, networks, names); empty = `host`. Any other sender is refused."""
    numbers: tuple[str, ...] = ()
    """E.164 numbers it carries; empty = all."""
    dialling: Dialling = "international"
    encrypted: bool = False
    """TLS for signalling, SRTP for sound."""

    def dialled(self, e164: str) -> str:
        """A number as this operator wants it."""
        if self.dialling == "plus":
            return e164
        if self.dialling == "national" and e164.startswith("+33"):
            return f"0{e164[3:]}"
        return f"00{e164[1:]}"
