"""Turns what stands under `words`, `when` and `unless` of a rule into patterns, with the places of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from voicebot.adapters.rules_items import SYNTAX, Wrong, alternatives, item, words_of
from voicebot.adapters.rules_model import PARTS
from voicebot.adapters.sentences import told
from voicebot.adapters.yaml_faults import choices, hint
from voicebot.adapters.yaml_source import Place, Source
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.phrases import keys
from voicebot.domain.triage.rules import Either, Heard, Item, Pattern
from voicebot.errors import Fault, Told

PARTS_HEARD = ("all", "near", "call")


@dataclass(frozen=True)
class Where:
    """A value in a file."""

    source: Source
    place: Place = ()

    def at(self, *steps: str | int) -> "Where":
        """What lies below."""
        return Where(self.source, (*self.place, *steps))

    def fault(self, message: Told, *, key: bool = False) -> Fault:
        """A fault here, or at the key of which this is the value."""
        return self.source.fault(self.place, message, key=key)

    @property
    def line(self) -> int:
        """Counted from 1."""
        return self.source.node(self.place)[0].line

    @property
    def column(self) -> int:
        """Counted from 1."""
        return self.source.node(self.place)[0].column


@dataclass(frozen=True)
class Reader:
    """Gathers faults, and the concepts a rule brings along, instead of stopping at the first of them."""

    rule: str
    concepts: dict[str, tuple[str, ...]]
    """Known so far; a rule's own words are added."""
    language: Language
    faults: list[Fault] = field(default_factory=list)

    def patterns(
        self, words: Sequence[str], when: Sequence[Any], unless: Sequence[str], at: Where, own: str
    ) -> Iterator[tuple[Pattern, Where]]:
        """Every pattern of a rule. `own`: the concept that stands for its words."""
        excepted = self.any_of(unless, at.at("unless"))
        if words:
            self.faults.extend(wordless(words, at.at("words"), self.language))
            self.concepts[own] = tuple(words)
            yield Pattern(clause=((Heard(own),),), unless=excepted), at.at("words")
        for n, entry in enumerate(when):
            yield self.pattern(entry, at.at("when", n), excepted), at.at("when", n)

    def pattern(self, entry: Any, at: Where, unless: Either) -> Pattern:
        """The pattern one entry of `when` stands for."""
        if isinstance(entry, str):
            entry = [entry]
        parts = entry if isinstance(entry, dict) else {"all": entry}
        for key in parts.keys() - set(PARTS):
            self.fault(at.at(key), told("part_unknown", name=key, hint=hint(key, PARTS, choices(PARTS))))
        clause, near, call = (
            tuple(self.choice(text, at.at(key, n)) for n, text in enumerate(self.lines(parts, key, at)))
            for key in PARTS_HEARD
        )
        besides = self.any_of(self.lines(parts, "unless", at), at.at("unless"))
        if parts.get("ask", False) not in (True, False):
            self.fault(at.at("ask"), told("value_yes_no"))
        if not any(parts.get(key) for key in PARTS_HEARD):
            self.fault(at, told("part_missing"))
        return Pattern(clause, near, call, unless + besides, parts.get("ask") is True)

    def lines(self, parts: dict[str, Any], key: str, at: Where) -> list[str]:
        """A list of texts; anything else is a fault."""
        written = parts.get(key, [])
        if isinstance(written, str):
            return [written]
        if isinstance(written, list) and all(isinstance(text, str) for text in written):
            return written
        self.fault(at.at(key), told("part_list"))
        return []

    def any_of(self, texts: Iterable[str], at: Where) -> Either:
        """Items of which one is enough."""
        return tuple(one for n, text in enumerate(texts) for one in self.choice(text, at.at(n)))

    def choice(self, text: str, at: Where) -> Either:
        """What the alternatives of one line mean."""
        found: list[Item] = []
        syntax = SYNTAX[self.language.code]
        for part in alternatives(text, syntax):
            try:
                one = item(part, self.concepts, syntax)
            except Wrong as wrong:
                self.fault(at, wrong.sentence)
                continue
            words = words_of(part, syntax)
            if words is not None and isinstance(one, Heard):
                self.concepts[one.concept] = (words,)
                self.faults.extend(wordless((words,), at, self.language, alone=True))
            found.append(one)
        return tuple(found)

    def fault(self, at: Where, message: Told) -> None:
        """Remember what is wrong, and in which rule."""
        self.faults.append(at.fault(told("in_rule", rule=self.rule, what=message)))


def wordless(ways: Iterable[str], at: Where, language: Language, *, alone: bool = False) -> Iterator[Fault]:
    """A fault for each of the ways that nobody could be heard to say. `alone`: `at` is the one way."""
    for n, way in enumerate(ways):
        if sounds(way, language) is None:
            yield (at if alone else at.at(n)).fault(told("words_common", words=way))


def sounds(way: str, language: Language) -> tuple[str, ...] | None:
    """What a way to say something is matched by; None if it holds only words that are everywhere."""
    try:
        return keys(way, language)
    except ValueError:
        return None
