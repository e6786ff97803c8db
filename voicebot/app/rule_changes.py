"""What was changed between two states of the rules' files, rule by rule, as a doctor reads it before signing.

Compared as they are written, not as they are understood: a version that an older service has signed is
compared even where a newer one reads its files otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voicebot.adapters.yaml_source import parse_text
from voicebot.errors import FaultyFile

Texts = Mapping[str, str]
"""Content of each file, by its path in the rules' folder (`cardiology.yaml`, `practices/demo.yaml`)."""
SHOWN = 60
"""Characters of a value that are shown; the file has the rest."""
LISTED = 4
"""Items of a list that are shown."""
KINDS = {"rules": "règle", "concepts": "concept", "change": "retouche de", "disable": "désactivation de"}
"""How a part of a file is called, by its key."""


@dataclass(frozen=True)
class Change:
    """One rule, concept or setting that is not what it was. `details`: its fields, in French; none for what
    is wholly new or gone, except in a practice's layer."""

    what: str
    """`règle avc`, `concept poitrine`, `désactivation de avc`."""
    how: str
    """`Ajout`, `Retrait` or `Changement`."""
    file: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        details = f" : {' ; '.join(self.details)}" if self.details else ""
        return f"{self.how} : {self.what} ({self.file}){details}"


_Key = tuple[str, str, str, int]
"""Kind, name, whose, and which of several of that name."""


@dataclass(frozen=True)
class _Part:
    """One entry of a file."""

    file: str
    fields: Mapping[str, Any]


def changes(then: Texts, now: Texts) -> tuple[Change, ...]:
    """Every difference, in the order of the files of today. A rule that only moved is none."""
    before, after = _parts(then), _parts(now)
    found = [_change(key, before.get(key), part) for key, part in after.items() if before.get(key) != part]
    found += [_change(key, part, None) for key, part in before.items() if key not in after]
    return tuple(change for change in found if change)


def _change(key: _Key, before: _Part | None, after: _Part | None) -> Change | None:
    kind, name, *_ = key
    what = f"{KINDS[kind]} « {name} »" if kind in KINDS else f"réglage « {kind} »"
    if before is None or after is None:
        part = after or before
        assert part is not None
        how = "Ajout" if after else "Retrait"
        return Change(what, how, part.file, tuple(_told(part)) if kind in ("change", "disable") else ())
    names = [*after.fields, *(name for name in before.fields if name not in after.fields)]
    details = tuple(
        _difference(name, before.fields.get(name), after.fields.get(name))
        for name in names
        if before.fields.get(name) != after.fields.get(name)
    )
    return Change(what, "Changement", after.file, details) if details else None


def _told(part: _Part) -> Iterator[str]:
    """All that an entry of a practice's layer says: it has nothing to be compared with."""
    return (_difference(name, None, value) for name, value in part.fields.items() if name != "rule")


def _difference(name: str, before: Any, after: Any) -> str:
    if isinstance(before, list | None) and isinstance(after, list | None):
        gone, new = _left(before or [], after or []), _left(after or [], before or [])
        if not gone and not new:
            return f"{name} : autre ordre"
        parts = [f"+ {text}" for text in _listed(new)] + [f"− {text}" for text in _listed(gone)]
        return f"{name} : {', '.join(parts)}"
    if before is None:
        return f"{name} : {_shown(after)}"
    return f"{name} : {_shown(before)} → {'rien' if after is None else _shown(after)}"


def _left(these: Sequence[Any], those: Sequence[Any]) -> list[Any]:
    return [item for item in these if item not in those]


def _listed(items: Sequence[Any]) -> list[str]:
    more = [f"{len(items) - LISTED} autres"] if len(items) > LISTED else []
    return [*(_shown(item) for item in items[:LISTED]), *more]


def _shown(value: Any) -> str:
    text = f"« {value} »"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 2]}… »"


def _parts(texts: Texts) -> dict[_Key, _Part]:
    """Every entry, by what it is and whose: a rule is the same in whatever file of the shipped ones, a
    practice's layer is its own, and so is what else a file says."""
    found: dict[_Key, _Part] = {}
    for file, text in sorted(texts.items()):
        for kind, name, fields in _entries(file, text):
            shared = "/" not in file and kind in ("rules", "concepts")
            key: _Key = (kind, name, "" if shared else file, 0)
            while key in found:
                key = (*key[:3], key[3] + 1)
            found[key] = _Part(file, fields)
    return found


def _entries(file: str, text: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    try:
        data = parse_text(text, file).data
    except FaultyFile:
        data = None
    if not isinstance(data, dict):
        yield "contenu", "", {"contenu": text}
        return
    for kind, value in data.items():
        if kind == "concepts" and isinstance(value, dict):
            for name, ways in value.items():
                yield kind, str(name), {"mots": ways}
        elif kind in KINDS and isinstance(value, list):
            for n, entry in enumerate(value):
                fields = entry if isinstance(entry, dict) else {"": entry}
                yield kind, str(fields.get("id") or fields.get("rule") or n), fields
        else:
            yield str(kind), "", {str(kind): value}
