"""Tries a rule book on its own examples and looks for what contradicts itself or adds nothing."""

from collections.abc import Collection, Iterator, Mapping

from voicebot.adapters.rules_book import Book, Written, in_order
from voicebot.adapters.rules_patterns import Where
from voicebot.adapters.rules_shadow import Ways, covered, repeated, ways_of
from voicebot.adapters.sentences import told, written
from voicebot.domain.triage.judging import heard_by, judge
from voicebot.domain.triage.language import Language
from voicebot.domain.triage.rules import Heard, Rule, Rules
from voicebot.errors import Fault, Told

RANK = {"emergency": 2, "urgent": 1}


def check_examples(rules: Rules) -> tuple[str, ...]:
    """A French sentence for each example a rule misses and each counter-example it acts on."""
    return tuple(written(sentence) for rule in rules.rules for _, sentence in _misbehaving(rules, rule))


def mistakes(book: Book, only: Collection[str]) -> tuple[Fault, ...]:
    """Examples of those rules that do not behave, and what contradicts itself."""
    examples = {_same(text): one for one in book.written.values() for text in one.rule.examples}
    faults = (fault for id_ in only for fault in _examples(book.rules, book.written[id_], examples))
    return in_order(faults)


def shadows(book: Book, only: Collection[str]) -> tuple[Fault, ...]:
    """Those of the rules that another already does the work of."""
    return in_order(fault for id_ in only for fault in _shadowed(book.written[id_], book))


def notices(book: Book, only: Collection[str]) -> tuple[Fault, ...]:
    """What else is merely worth knowing of those rules: patterns that add nothing, words written twice."""
    ways = ways_of(book.rules)
    found: list[Fault] = []
    for id_ in only:
        one = book.written[id_]
        found += (*_repetitions(one), *_needless(one, ways), *_words(one, book))
    if book.layer is None:
        found += _concepts(book, ways)
    return in_order(found)


def _texts(rule: Rule) -> tuple[str, ...]:
    return (*rule.examples, *rule.counter_examples)


def _same(text: str) -> str:
    return " ".join(text.lower().split())


def _misbehaving(rules: Rules, rule: Rule) -> Iterator[tuple[int, Told]]:
    """The number of each example that does not behave (counter-examples after examples), and what to say."""
    hesitates = any(pattern.ask for pattern in rule.patterns)
    for n, text in enumerate(rule.examples):
        heard = heard_by(rules, rule.id, (text,))
        if heard is None:
            yield n, told("example_missed", rule=rule.id, text=text)
        elif heard.status == "uncertain" and not hesitates:
            yield n, told("example_doubted", rule=rule.id, text=text)
    for n, text in enumerate(rule.counter_examples, len(rule.examples)):
        if _acts(rules, rule.id, text):
            yield n, told("example_acted_on", rule=rule.id, text=text)


def _examples(rules: Rules, one: Written, examples: Mapping[str, Written]) -> Iterator[Fault]:
    """Examples that do not behave; a text that two rules, or two lists of one, want to mean opposites."""
    places = (*one.examples, *one.counter_examples)
    texts = _texts(one.rule)
    for n, sentence in _misbehaving(rules, one.rule):
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


def _shadowed(one: Written, book: Book) -> Iterator[Fault]:
    """Another rule that already acts on every example, as urgently."""
    if not one.rule.examples:
        return
    first, *rest = one.rule.examples
    for heard in judge(book.rules, (first,)).evidence:
        other = heard.rule
        if other == one.rule.id or heard.status != "present" or RANK[heard.level] < RANK[one.rule.level]:
            continue
        if all(_acts(book.rules, other, text) for text in rest):
            yield one.at.fault(told("rule_shadowed", rule=one.rule.id, other=other))
            return


def _acts(rules: Rules, rule: str, text: str) -> bool:
    heard = heard_by(rules, rule, (text,))
    return heard is not None and heard.status == "present"


def _words(one: Written, book: Book) -> Iterator[Fault]:
    """Words that the rule already has."""
    for place in one.patterns:
        if place.place[-1] == "words":
            ways = [node.text for node in place.source.node(place.place)[0].items]
            yield from _again(one.rule.id, ways, place, book.rules.language)


def _concepts(book: Book, ways: Ways) -> Iterator[Fault]:
    """Concepts that no rule uses, that are one under two names, or have a way of being said twice."""
    eithers = (
        either
        for rule in book.rules.rules
        for pattern in rule.patterns
        for either in (*pattern.clause, *pattern.near, *pattern.call, pattern.unless)
    )
    used = {item.concept for either in eithers for item in either if isinstance(item, Heard)}
    same: dict[frozenset[tuple[str, ...]], str] = {}
    for name, where in book.concepts.items():
        if name not in used:
            yield where.fault(told("concept_unused", name=name), key=True)
        if ways(name) in same:
            yield where.fault(told("concept_same", name=name, other=same[ways(name)]), key=True)
        same.setdefault(ways(name), name)
        yield from _again(name, book.rules.concepts[name], where, book.rules.language)


def _again(name: str, ways: Collection[str], where: Where, language: Language) -> Iterator[Fault]:
    ways = tuple(ways)
    double = [ways[n] for n, _ in repeated(ways, language)]
    if double:
        first = next(iter(repeated(ways, language)))[0]
        words = ", ".join(double)
        yield where.at(first).fault(told("words_again", name=name, count=len(double), words=words))
