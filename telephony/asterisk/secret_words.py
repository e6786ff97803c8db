"""Passwords between us, Asterisk, the telephones and the operators; ours are made once and kept."""

import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from telephony.asterisk.configuration import Secrets
from telephony.asterisk.written import replace
from voicebot.domain.trunk import Trunk
from voicebot.errors import Faulty

FILE = "secrets.json"


def load(folder: Path, phones: Iterable[str], trunks: Iterable[Trunk], line_secrets: Path) -> Secrets:
    """Those of `folder/secrets.json`, made first where they are missing; the operators' from their files.

    Raises Faulty: an operator's password nobody gave, or a file that is not ours any more.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / FILE
    kept = _kept(path)
    known = dict(kept.get("phones") or {})
    made = Secrets(
        ami=kept.get("ami") or secrets.token_urlsafe(24),
        ari=kept.get("ari") or secrets.token_urlsafe(24),
        # one that is gone keeps its password: it may come back, and its telephone knows it
        phones={**known, **{phone: known.get(phone) or secrets.token_urlsafe(12) for phone in phones}},
        trunks={trunk.id: _operator(trunk, line_secrets) for trunk in trunks if trunk.user},
    )
    ours = {"ami": made.ami, "ari": made.ari, "phones": made.phones}
    if ours != kept:
        replace(path, json.dumps(ours, indent=1))
    return made


def _kept(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise Faulty(
            f"{path} est illisible ({error}). Effacez-le : d'autres mots de passe seront faits."
        ) from error
    if not isinstance(kept, dict):
        raise Faulty(f"{path} n'est plus de nous. Effacez-le : d'autres mots de passe seront faits.")
    return kept


def _operator(trunk: Trunk, folder: Path) -> str:
    path = folder / f"line_{trunk.id}"
    try:
        password = path.read_text(encoding="utf8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Faulty(
            f"Ligne « {trunk.id} » : écrivez le mot de passe de l'opérateur dans le fichier {path}, seul."
        ) from error
    return password
