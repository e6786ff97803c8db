"""Rules as they are read: with their files, and the place of every part that may have to be spoken of."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from voicebot.adapters import rules_say
from voicebot.adapters.rules_model import LEVELS, BookSection, LayerSection, RuleSection
from voicebot.adapters.rules_patterns import Reader, Where, wordless
from voicebot.adapters.sentences import told
from voicebot.adapters.yaml_faults import choices, hint
from voicebot.adapters.yaml_source import Source, validate
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.rules import Rule, Rules
from voicebot.errors import Fault, FaultyFile

Concepts = dict[str, tuple[str, ...]]
S = TypeVar("S", bound=BookSection | LayerSection)
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """A rule and where its parts stand, in the order of the rule's own."""

    rule: Rule
    at: Where
    patterns: tuple[Where, ...] = ()
    examples: tuple[Where, ...] = ()
    counter_examples: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Disabled:
    """A rule that a practice does not want. `in_force`: all the same, an emergency that nobody signed off."""

    rule: str
    reason: str
    by: str
    on: date
    in_force: bool


@dataclass(frozen=True)
class Book:
    """Rules with all that is known of how they are written."""

    rules: Rules
    written: Mapping[str, Written] = field(default_factory=dict)
    """By rule id, in the order of the book."""
    sources: tuple[Source, ...] = ()
    concepts: Mapping[str, Where] = field(default_factory=dict)
    """Where each named concept stands."""
    own: frozenset[str] = frozenset()
    """Ids of the rules that hear otherwise than when shipped: the practice's layer adds or changes them."""
    disabled: tuple[Disabled, ...] = ()
    warnings: tuple[Fault, ...] = ()
    """What does not stop the service and must be read: a disabled emergency that stays in force."""
    reaches: tuple[tuple[str, Where], ...] = ()
    """Telephones that the practice's layer names, and where: only its own file knows whether they exist."""
    layer: Source | None = None
    """The practice's own file; None: the shipped book as it is."""


def shaped(source: Source, model: type[S]) -> tuple[S, list[Fault]]:
    """The file as the model; of a faulty one, the parts that are in shape, and every fault."""
    try:
        return validate(source, model), []
    except FaultyFile as faulty:
        return _salvaged(source.data, model), list(faulty.faults)


def _salvaged(data: Any, model: type[M]) -> M:
    """What can still be checked: concepts, and whole entries of the lists; a misshapen one is None."""
    found = data if isinstance(data, dict) else {}
    concepts = found.get("concepts")
    parts: dict[str, Any] = {
        "concepts": {
            str(name): tuple(way for way in ways if isinstance(way, str))
            for name, ways in (concepts if isinstance(concepts, dict) else {}).items()
            if isinstance(ways, list)
        }
    }
    for key, info in model.model_fields.items():
        entry = next(iter(getattr(info.annotation, "__args__", ())), None)
        if isinstance(entry, type) and issubclass(entry, BaseModel):
            listed = found.get(key)
            parts[key] = tuple(_one(entry, each) for each in (listed if isinstance(listed, list) else ()))
    return model.model_construct(**parts)


def whole(entries: Iterable[T | None]) -> Iterator[tuple[int, T]]:
    """The entries of a list that are in shape, with their places in it."""
    return ((n, entry) for n, entry in enumerate(entries) if entry is not None)


def _one(model: type[M], data: Any) -> M | None:
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def define(
    ways: Mapping[str, Sequence[str]], at: Where, known: Mapping[str, Where], language: Language
) -> Iterator[Fault]:
    """What is wrong with the concepts that stand below `at`."""
    for name, words in ways.items():
        here = at.at(name)
        if name in known:
            yield here.fault(told("concept_twice", name=name, line=known[name].line), key=True)
        if not words:
            yield here.fault(told("concept_empty", name=name), key=True)
        yield from wordless(words, here, language)


def write(
    section: RuleSection, at: Where, concepts: Concepts, language: Language
) -> tuple[Written, list[Fault]]:
    """The rule, and what is wrong with it; its own words are added to the concepts."""
    reader = Reader(section.id, concepts, language)
    if section.level not in LEVELS:
        unknown = told("level_unknown", name=section.level, hint=hint(section.level, LEVELS, choices(LEVELS)))
        reader.fault(at.at("level"), unknown)
    own = f"mots de {section.id}"
    patterns = list(reader.patterns(section.words, section.when, section.unless, at, own))
    if not section.words and not section.when:
        reader.faults.append(at.fault(told("rule_deaf", rule=section.id)))
    rule = Rule(
        **section.model_dump(exclude={"words", "when", "unless"}), patterns=tuple(p for p, _ in patterns)
    )
    reader.faults.extend((*spoken(rule, at), *dated(rule, at)))
    places = tuple(where for _, where in patterns)
    return Written(rule, at, places, *listed(section, at)), reader.faults


def listed(section: Any, at: Where) -> tuple[tuple[Where, ...], tuple[Where, ...]]:
    """Where the examples and the counter-examples stand."""
    examples = tuple(at.at("examples", n) for n in range(len(section.examples)))
    return examples, tuple(at.at("counter_examples", n) for n in range(len(section.counter_examples)))


def spoken(rule: Rule, at: Where) -> Iterator[Fault]:
    """What is wrong with what the rule says and asks, and what was left to be filled in."""
    for message in rules_say.faults_of(rule.say, rule.level, rule.advice):
        yield at.at("say").fault(told("in_rule", rule=rule.id, what=message))
    for message in rules_say.unfilled(rule.question):
        yield at.at("question").fault(told("in_rule", rule=rule.id, what=message))
    for name in ("title", "question", "say", "source", "reviewed_by"):
        if later := rules_say.left_open(getattr(rule, name) or ""):
            yield at.at(name).fault(told("in_rule", rule=rule.id, what=later))


def dated(rule: Rule, at: Where) -> Iterator[Fault]:
    """A review without a reviewer is none."""
    if rule.reviewed_on and not rule.reviewed_by:
        yield at.at("reviewed_on").fault(told("reviewed_by_nobody", rule=rule.id), key=True)


def version(sources: Iterable[Source], layer: Source | None = None) -> str:
    """As `Rules.version`: where the folder lies and in what order it is listed change nothing."""
    read = hashlib.sha256()
    for name, sha256 in sorted((Path(source.file).name, source.sha256) for source in sources):
        read.update(f"{name}\0{sha256}\0".encode())
    if layer is not None:
        read.update(f"practices/{Path(layer.file).name}\0{layer.sha256}\0".encode())
    return read.hexdigest()[:12]


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Once each, as they stand in the files."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda f: (f.file, f.line, f.column)))
