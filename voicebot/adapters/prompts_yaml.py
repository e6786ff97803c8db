"""What the voice says, read from `prompts/<language>/*.yaml`: phrase id → text."""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from voicebot.domain.wording import Phrases
from voicebot.errors import Fault, FaultyFile

LANGUAGE = "fr"


def load(folder: Path, language: str = LANGUAGE) -> Phrases:
    """Every phrase of a language. Raises FaultyFile: bad YAML, a phrase given twice, one that is no text."""
    phrases: dict[str, str] = {}
    faults: list[Fault] = []
    for path in sorted((folder / language).glob("*.yaml")):
        try:
            entries = YAML().load(path.read_text(encoding="utf8")) or CommentedMap()
        except MarkedYAMLError as error:
            mark = error.problem_mark
            at = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            faults.append(Fault(str(path), at[0], at[1], f"YAML illisible : {error.problem}"))
            continue
        for name, text in entries.items():
            line, column = entries.lc.key(name)
            if not isinstance(text, str) or not text.strip():
                message = f"la phrase « {name} » doit être un texte entre guillemets"
                faults.append(Fault(str(path), line + 1, column + 1, message))
            elif name in phrases:
                faults.append(Fault(str(path), line + 1, column + 1, f"la phrase « {name} » existe déjà"))
            else:
                phrases[name] = text
    if not phrases and not faults:
        message = "aucune phrase : ce dossier doit contenir au moins un fichier .yaml"
        faults.append(Fault(str(folder / language), 0, 0, message))
    if faults:
        raise FaultyFile(tuple(faults))
    return phrases
