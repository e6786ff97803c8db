"""Reads `triage_rules/*.yaml` into `Rules`. `triage_rules/README.md` tells a doctor what a rule is."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from voicebot.adapters import rules_say
from voicebot.adapters.rules_items import Wrong, alternatives, item, words_of
from voicebot.adapters.yaml_source import Place, Source, parse, suggest, validate
from voicebot.domain.triage.french import FRENCH
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.phrases import keys
from voicebot.domain.triage.rules import Advice, Either, Heard, Item, Pattern, Rule, Rules
from voicebot.errors import Fault, FaultyFile

PARTS = ("all", "near", "call", "unless", "ask")
"""What an entry of `when` may hold; a bare list is `all`."""


class RuleSection(BaseModel):
    """One rule as it is written."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    level: str
    words: tuple[str, ...] = ()
    when: tuple[Any, ...] = ()
    unless: tuple[str, ...] = ()
    question: str = ""
    advice: Advice = "15"
    say: str = ""
    reach: str = ""
    vanished_counts: bool = False
    source: str = ""
    reviewed_by: str | None = None
    reviewed_on: date | None = None
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class BookSection(BaseModel):
    """One file of rules."""

    model_config = ConfigDict(extra="forbid")
    question: str = ""
    idioms: tuple[str, ...] = ()
    concepts: dict[str, tuple[str, ...]] = {}
    rules: tuple[RuleSection, ...] = ()


@dataclass(frozen=True)
class _File:
    """A file that has its shape; what its names mean is still to be checked."""

    source: Source
    book: BookSection


def load(path: Path) -> Rules:
    """The rules of a file, or of every `*.yaml` in a folder together. Raises FaultyFile with every fault."""
    paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not paths:
        raise FaultyFile((Fault(str(path), 0, 0, "aucun fichier de règles (*.yaml) dans ce dossier"),))
    files: list[_File] = []
    faults: list[Fault] = []
    for one in paths:
        try:
            source = parse(one)
            files.append(_File(source, validate(source, BookSection)))
        except FaultyFile as error:
            faults += error.faults
    concepts, wrong = _concepts(files)
    faults += wrong

    rules: list[Rule] = []
    seen: dict[str, Source] = {}
    for file in files:
        for n, section in enumerate(file.book.rules):
            if section.id in seen:
                faults.append(file.source.fault(("rules", n, "id"), f"la règle « {section.id} » existe déjà"))
            seen[section.id] = file.source
            rule, own, wrong = _rule(section, file.source, ("rules", n), concepts)
            concepts |= own
            faults += wrong
            rules.append(rule)
    if faults:
        raise FaultyFile(tuple(sorted(faults, key=lambda f: (f.file, f.line, f.column))))
    question = next((file.book.question for file in files if file.book.question), Rules.question)
    idioms = tuple(way for file in files for way in file.book.idioms)
    return Rules(concepts, tuple(rules), question, idioms, _version(file.source for file in files))


def _version(sources: Iterable[Source]) -> str:
    """As `Rules.version`: where the folder lies and in what order it is listed change nothing."""
    read = hashlib.sha256()
    for name, sha256 in sorted((Path(source.file).name, source.sha256) for source in sources):
        read.update(f"{name}\0{sha256}\0".encode())
    return read.hexdigest()[:12]


def check_examples(rules: Rules) -> tuple[str, ...]:
    """A French sentence for each example a rule misses and each counter-example it acts on."""
    return tuple(_misbehaving(rules))


def _misbehaving(rules: Rules) -> Iterator[str]:
    for rule in rules.rules:
        for text in rule.examples:
            status = _status(rules, rule, text)
            if status is None:
                yield f"la règle « {rule.id} » ne reconnaît pas son exemple : « {text} »"
            elif status == "uncertain" and not any(pattern.ask for pattern in rule.patterns):
                yield f"la règle « {rule.id} » hésite sur son exemple : « {text} »"
        for text in rule.counter_examples:
            if _status(rules, rule, text) == "present":
                yield f"la règle « {rule.id} » agit sur son contre-exemple : « {text} »"


def _status(rules: Rules, rule: Rule, text: str) -> str | None:
    return {e.rule: e.status for e in judge(rules, (text,)).evidence}.get(rule.id)


def _concepts(files: Sequence[_File]) -> tuple[dict[str, tuple[str, ...]], list[Fault]]:
    """Every named concept of every file."""
    known: dict[str, tuple[str, ...]] = {}
    faults = []
    for file in files:
        for name, ways in file.book.concepts.items():
            place: Place = ("concepts", name)
            if name in known:
                faults.append(file.source.fault(place, f"le concept « {name} » est déjà défini", key=True))
            if not ways:
                faults.append(file.source.fault(place, f"le concept « {name} » n'a pas de mots", key=True))
            faults += _wordless(ways, file.source, place)
            known[name] = ways
    return known, faults


def _wordless(ways: Sequence[str], source: Source, place: Place) -> Iterator[Fault]:
    for n, way in enumerate(ways):
        try:
            keys(way, FRENCH)
        except ValueError:
            yield source.fault((*place, n), f"« {way} » ne contient que des mots trop courants")


def _rule(
    section: RuleSection, source: Source, place: Place, concepts: Mapping[str, tuple[str, ...]]
) -> tuple[Rule, dict[str, tuple[str, ...]], list[Fault]]:
    """The rule, the concepts it brings along (its own words), and what is wrong with it."""
    faults = list(_wordless(section.words, source, (*place, "words")))
    if section.level not in ("emergency", "urgent"):
        hint = suggest(section.level, ("emergency", "urgent")) or " ; possibles : emergency, urgent"
        faults.append(
            source.fault(
                (*place, "level"), f"la règle « {section.id} » : niveau « {section.level} » inconnu{hint}"
            )
        )
    for message in rules_say.faults_of(section.say, section.level, section.advice):
        faults.append(source.fault((*place, "say"), f"la règle « {section.id} » : {message}"))
    own: dict[str, tuple[str, ...]] = {}
    patterns: list[Pattern] = []
    reader = _Reader(section.id, source, concepts, own, faults)
    unless = reader.any_of(section.unless, (*place, "unless"))
    if section.words:
        own[f"mots de {section.id}"] = section.words
        patterns.append(Pattern(clause=((Heard(f"mots de {section.id}"),),), unless=unless))
    for n, written in enumerate(section.when):
        patterns.append(reader.pattern(written, (*place, "when", n), unless))
    if not section.words and not section.when:
        faults.append(source.fault(place, f"la règle « {section.id} » n'a ni « words » ni « when »"))
    chosen = section.model_dump(exclude={"words", "when", "unless"})
    return Rule(**chosen, patterns=tuple(patterns)), own, faults


@dataclass(frozen=True)
class _Reader:
    """Turns what stands under `when` into patterns, gathering faults instead of stopping at the first."""

    rule: str
    source: Source
    concepts: Mapping[str, tuple[str, ...]]
    own: dict[str, tuple[str, ...]]
    faults: list[Fault]

    def pattern(self, written: Any, place: Place, unless: Either) -> Pattern:
        """The pattern one entry of `when` stands for."""
        if isinstance(written, str):
            written = [written]
        parts = written if isinstance(written, dict) else {"all": written}
        for key in parts.keys() - set(PARTS):
            hint = suggest(str(key), PARTS) or f" ; possibles : {', '.join(PARTS)}"
            self._fault((*place, key), f"« {key} » n'a pas de sens ici{hint}")
        clause, near, call = (
            tuple(
                self.choice(text, (*place, key, n))
                for n, text in enumerate(self.lines(parts.get(key, ()), place))
            )
            for key in ("all", "near", "call")
        )
        besides = self.any_of(self.lines(parts.get("unless", ()), place), (*place, "unless"))
        if not (clause or near or call):
            self._fault(place, "il manque ce qu'il faut entendre : all, near ou call")
        return Pattern(clause, near, call, unless + besides, parts.get("ask") is True)

    def lines(self, written: Any, place: Place) -> list[str]:
        """A list of texts; anything else is a fault."""
        if isinstance(written, str):
            return [written]
        if isinstance(written, list | tuple) and all(isinstance(text, str) for text in written):
            return list(written)
        self._fault(place, "une liste de concepts est attendue ici, par exemple [douleur, poitrine]")
        return []

    def any_of(self, texts: Sequence[str], place: Place) -> Either:
        """Items of which one is enough."""
        return tuple(one for n, text in enumerate(texts) for one in self.choice(text, (*place, n)))

    def choice(self, text: str, place: Place) -> Either:
        """What the alternatives of one line mean."""
        found: list[Item] = []
        for part in alternatives(text):
            try:
                one = item(part, self.concepts, [name for name in self.concepts if name[0] not in "«"])
            except Wrong as wrong:
                self._fault(place, str(wrong))
                continue
            words = words_of(part)
            if words is not None and isinstance(one, Heard):
                self.own[one.concept] = (words,)
                self.faults.extend(_wordless((words,), self.source, place))
            found.append(one)
        return tuple(found)

    def _fault(self, place: Place, message: str) -> None:
        self.faults.append(self.source.fault(place, f"la règle « {self.rule} » : {message}"))
