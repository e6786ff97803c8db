"""Tries a rule book on its own examples and looks for what contradicts itself or adds nothing."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from voicebot.adapters.rules_book import Book, Written, in_order
from voicebot.adapters.rules_patterns import Where
from voicebot.adapters.rules_shadow import Ways, covered, repeated, ways_of
from voicebot.adapters.sentences import told, written
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.rules import Rule, Rules
from voicebot.errors import Fault, Told

Status = Literal["present", "uncertain"]
RANK = {"emergency": 2, "urgent": 1}


@dataclass(frozen=True)
class Review:
    """What is wrong with a book, and what is merely worth knowing."""

    faults: tuple[Fault, ...]
    notices: tuple[Fault, ...]


def check_examples(rules: Rules) -> tuple[str, ...]:
    """A French sentence for each example a rule misses and each counter-example it acts on."""
    return tuple(
        written(sentence)
        for rule in rules.rules
        for _, sentence in _misbehaving(rule, {text: _heard(rules, text) for text in _texts(rule)})
    )


def review(book: Book, only: Collection[str] | None = None) -> Review:
    """All that its own examples and the rules' comparison show. `only`: the ids of rules to look at."""
    looked_at = [one for id_, one in book.written.items() if only is None or id_ in only]
    heard = {text: _heard(book.rules, text) for one in looked_at for text in _texts(one.rule)}
    faults: list[Fault] = []
    notices: list[Fault] = []
    examples = {_same(text): one for one in book.written.values() for text in one.rule.examples}
    ways = ways_of(book.rules)
    for one in looked_at:
        faults += _examples(one, heard, examples)
        notices += _repetitions(one)
        notices += _needless(one, ways)
        notices += _shadowed(one, heard, book)
    if only is None:
        notices += _words(book)
    return Review(in_order(faults), in_order(notices))


def _texts(rule: Rule) -> tuple[str, ...]:
    return (*rule.examples, *rule.counter_examples)


def _heard(rules: Rules, text: str) -> Mapping[str, Status]:
    return {evidence.rule: evidence.status for evidence in judge(rules, (text,)).evidence}


def _same(text: str) -> str:
    return " ".join(text.lower().split())


def _misbehaving(rule: Rule, heard: Mapping[str, Mapping[str, Status]]) -> Iterator[tuple[int, Told]]:
    """The number of each example that does not behave (counter-examples after examples), and what to say."""
    hesitates = any(pattern.ask for pattern in rule.patterns)
    for n, text in enumerate(rule.examples):
        status = heard[text].get(rule.id)
        if status is None:
            yield n, told("example_missed", rule=rule.id, text=text)
        elif status == "uncertain" and not hesitates:
            yield n, told("example_doubted", rule=rule.id, text=text)
    for n, text in enumerate(rule.counter_examples, len(rule.examples)):
        if heard[text].get(rule.id) == "present":
            yield n, told("example_acted_on", rule=rule.id, text=text)


def _examples(
    one: Written, heard: Mapping[str, Mapping[str, Status]], examples: Mapping[str, Written]
) -> Iterator[Fault]:
    """Examples that do not behave; a text that two rules, or two lists of one, want to mean opposites."""
    places = (*one.examples, *one.counter_examples)
    texts = _texts(one.rule)
    for n, sentence in _misbehaving(one.rule, heard):
        other = examples.get(_same(texts[n]))
        if n >= len(one.examples) and other is not None and other.rule.id != one.rule.id:
            sentence = told("example_disputed", rule=one.rule.id, other=other.rule.id, text=texts[n])
        yield places[n].fault(sentence)
    wanted = {_same(text) for text in one.rule.examples}
    for text, where in zip(one.rule.counter_examples, one.counter_examples, strict=True):
        if _same(text) in wanted:
            yield where.fault(told("example_both", rule=one.rule.id, text=text))


def _repetitions(one: Written) -> Iterator[Fault]:
    for texts, places in (
        (one.rule.examples, one.examples),
        (one.rule.counter_examples, one.counter_examples),
    ):
        first: dict[str, Where] = {}
        for text, where in zip(texts, places, strict=True):
            if _same(text) in first:
                yield where.fault(told("example_again", text=text, line=first[_same(text)].line))
            first.setdefault(_same(text), where)


def _needless(one: Written, ways: Ways) -> Iterator[Fault]:
    """Patterns that another of the rule makes needless."""
    for n, m in covered(one.rule.patterns, ways):
        yield one.patterns[n].fault(
            told(
                "pattern_needless", rule=one.rule.id, line=one.patterns[m].line, column=one.patterns[m].column
            )
        )


def _shadowed(one: Written, heard: Mapping[str, Mapping[str, Status]], book: Book) -> Iterator[Fault]:
    """Another rule that already acts on every example, as urgently."""
    if not one.rule.examples:
        return
    acting = [
        {rule for rule, status in heard[text].items() if status == "present"} for text in one.rule.examples
    ]
    for other in sorted(set.intersection(*acting) - {one.rule.id}):
        if RANK[book.written[other].rule.level] >= RANK[one.rule.level]:
            yield one.at.fault(told("rule_shadowed", rule=one.rule.id, other=other))
            return


def _words(book: Book) -> Iterator[Fault]:
    """Words that a concept or a rule already has."""
    for name, where in book.concepts.items():
        yield from _again(name, book.rules.concepts[name], where, book.rules.language)
    for one in book.written.values():
        for place in one.patterns:
            if place.place[-1] == "words":
                ways = [node.text for node in place.source.node(place.place)[0].items]
                yield from _again(one.rule.id, ways, place, book.rules.language)


def _again(name: str, ways: Collection[str], where: Where, language: Language) -> Iterator[Fault]:
    ways = tuple(ways)
    double = [ways[n] for n, _ in repeated(ways, language)]
    if double:
        first = next(iter(repeated(ways, language)))[0]
        words = ", ".join(double)
        yield where.at(first).fault(told("words_again", name=name, count=len(double), words=words))
