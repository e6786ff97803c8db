"""What is said in the words of a rule: its own sentence, and whose sentence it is."""

from collections.abc import Iterator, Sequence

from voicebot.domain.call import Evidence, Verdict
from voicebot.domain.practice import Practice
from voicebot.domain.triage.rules import Rule, Rules


def leading(rules: Rules, verdict: Verdict) -> Rule | None:
    """The rule that a verdict acts on: of its level, and sending where the verdict sends. None: no rule of
    the book, only an ear for what sounds alarming."""
    by_id = {rule.id: rule for rule in rules.every}
    for evidence in verdict.evidence:
        rule = by_id.get(evidence.rule)
        if rule and evidence.level == verdict.level and rule.advice == verdict.advice:
            return rule
    return None


def weighed(rules: Rules, evidence: Sequence[Evidence], speaking: str = "") -> Verdict:
    """The verdict of part of the evidence, as `judge` makes it of the whole."""
    if not evidence:
        return Verdict()
    by_id = {rule.id: rule for rule in rules.every}
    ranked = sorted(evidence, key=lambda e: (e.level != "emergency", e.status != "present"))
    first = ranked[0]
    rule = by_id.get(first.rule)
    peers = [
        by_id[e.rule].advice
        for e in ranked
        if e.rule in by_id and (e.level, e.status) == (first.level, first.status)
    ]
    return Verdict(
        level=first.level,
        action="act" if first.status == "present" else "ask",
        evidence=tuple(ranked),
        question="" if first.status == "present" else question(rules, first.rule if rule else "", speaking),
        advice=rule.advice if rule and "15" not in peers else "15",
    )


def question(rules: Rules, rule: str, speaking: str = "") -> str:
    """The closed question of that rule, or a plain one where it has none in the language spoken (by
    code; "" = the book's own); that of no rule of the book is its own."""
    book = rules.spoken(speaking)
    known = next((each for each in book.rules if each.id == rule), None)
    if known and known.question:
        return known.question
    return book.question if not rule or any(each.id == rule for each in rules.every) else rule


def sentence(rule: Rule, practice: Practice) -> str:
    """The rule's own sentence with its places filled; empty = it has none."""
    number = practice.number_of(rule.advice)
    return rule.say.replace("{numéro}", number).replace("{cabinet}", practice.name)


def sentences(rules: Rules, practice: Practice) -> Iterator[str]:
    """The clauses of every rule's own sentence, filled for the practice: emergencies first."""
    for rule in sorted(rules.rules, key=lambda rule: rule.level != "emergency"):
        yield from (c for c in map(str.strip, sentence(rule, practice).split("|")) if c)


def questions(rules: Rules) -> Iterator[str]:
    """Every closed question a rule may ask, once."""
    yield from dict.fromkeys((rules.question, *(rule.question for rule in rules.rules if rule.question)))
