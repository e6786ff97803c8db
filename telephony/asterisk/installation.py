"""Where Asterisk is on this machine."""

import asyncio
from pathlib import Path

from telephony.asterisk.configuration import Installation
from voicebot.errors import Faulty

SCRIPT = Path(__file__).parent / "install.sh"
INSTALL_S = 900.0
"""A slow line's minutes for 150 MB."""


async def find(program: str, folder: Path) -> Installation:
    """The program asked for, or what `install.sh` finds or builds in `folder`. Raises Faulty."""
    return of(Path(program) if program else await _installed(folder))


def of(program: Path) -> Installation:
    """What belongs to a program: its private root beside it, or the system's. Raises Faulty."""
    top = program.parent / "root" if (program.parent / "root").is_dir() else Path("/")
    modules = sorted(top.glob("usr/lib/*/asterisk/modules")) or sorted(top.glob("usr/lib*/asterisk/modules"))
    if not program.is_file() or not modules:
        raise Faulty(f"{program} : Asterisk n'est pas là, ou ses modules manquent.")
    return Installation(program, modules[0], top / "usr/share/asterisk")


async def _installed(folder: Path) -> Path:
    process = await asyncio.create_subprocess_exec(
        str(SCRIPT), str(folder), stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), INSTALL_S)
    except TimeoutError:
        raise Faulty("L'installation d'Asterisk n'aboutit pas. Relancez : elle reprendra.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise Faulty("Asterisk n'est pas installé : seuls les appels par le web fonctionnent.")
    return Path(out.decode().strip().splitlines()[-1])
