"""What the voice says, read from `prompts/<language>/*.yaml`: phrase id → text, for every language there is.

Held against the script before a call is: a phrase that is missing, or asks for a value it is not given, would
break the call that needs it.
"""

from collections.abc import Iterator
from pathlib import Path

from voicebot.adapters.yaml_source import Source, parse, suggest
from voicebot.domain.dialogue.script import SCRIPT, faults_of
from voicebot.domain.dialogue.wording import FIELD, Phrases, phrase_key
from voicebot.domain.languages import FRENCH, LANGUAGES
from voicebot.errors import Fault, FaultyFile


def load(folder: Path) -> Phrases:
    """Every phrase of French, and of the other languages that have a folder, by `wording.phrase_key`. Raises
    FaultyFile with every fault of every file."""
    phrases: dict[str, str] = {}
    faults: list[Fault] = []
    for language in LANGUAGES.values():
        if language is not FRENCH and not (folder / language.code).is_dir():
            continue
        try:
            own = _load(folder, language.code)
        except FaultyFile as faulty:
            faults += faulty.faults
        else:
            phrases |= {phrase_key(phrase, language): text for phrase, text in own.items()}
    if faults:
        raise FaultyFile(tuple(faults))
    return phrases


def _load(folder: Path, language: str) -> Phrases:
    paths = sorted((folder / language).glob("*.yaml"))
    phrases: dict[str, str] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            source = parse(path)
        except FaultyFile as faulty:
            faults += faulty.faults
            continue
        faults += _faults(source, phrases)
        if isinstance(source.data, dict):
            phrases |= {name: text for name, text in source.data.items() if isinstance(text, str)}
    if not paths:
        message = "aucune phrase : ce dossier doit contenir au moins un fichier .yaml"
        faults.append(Fault(str(folder / language), 0, 0, message))
    elif not faults:
        where = str(paths[0]) if len(paths) == 1 else str(folder / language)
        missing = [phrase for phrase in SCRIPT if phrase not in phrases]
        faults += [Fault(where, 0, 0, f"il manque la phrase « {phrase} »") for phrase in missing]
    if faults:
        raise FaultyFile(tuple(faults))
    return phrases


def _faults(source: Source, before: Phrases) -> Iterator[Fault]:
    if not isinstance(source.data, dict):
        yield source.fault((), 'chaque ligne doit donner une phrase : « nom: "texte" »')
        return
    for name, text in source.data.items():
        if not isinstance(text, str) or not text.strip():
            message = f"la phrase « {name} » doit être un texte entre guillemets"
            yield source.fault((name,), message, key=True)
        elif name in before:
            yield source.fault((name,), f"la phrase « {name} » existe déjà", key=True)
        elif name not in SCRIPT:
            message = f"la phrase « {name} » n'est jamais dite{suggest(str(name), SCRIPT)}"
            yield source.fault((name,), message, key=True)
        else:
            for message in faults_of(name, frozenset(FIELD.findall(text))):
                yield source.fault((name,), message)
