"""A practice's own layer over the shipped rules: it adds, tightens, disables; it makes no rule deafer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from voicebot.adapters.rules_book import (
    Book,
    Concepts,
    Disabled,
    Written,
    dated,
    define,
    in_order,
    listed,
    shaped,
    spoken,
    version,
    whole,
    write,
)
from voicebot.adapters.rules_model import LEVELS, ChangeSection, LayerSection
from voicebot.adapters.rules_patterns import Reader, Where
from voicebot.adapters.rules_say import left_open
from voicebot.adapters.sentences import told
from voicebot.adapters.yaml_faults import choices, hint
from voicebot.adapters.yaml_source import Source
from voicebot.domain.triage.rules import Either, Heard, Rule
from voicebot.errors import Fault, FaultyFile

WEAKENING = frozenset({"unless", "idioms", "vanished_counts", "remove"})
"""What would make a shipped rule hear less; a layer has no key for it, and says why."""
REPLACED = ("question", "say", "advice", "reach")


@dataclass
class _Draft:
    """The practice's book while its layer is laid over the shipped one."""

    concepts: Concepts
    written: dict[str, Written]
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    touched: dict[str, int] = field(default_factory=dict)
    """Rules that are changed or disabled, and the line where they are."""


def layered(shipped: Book, source: Source, *, signed: bool = False) -> Book:
    """The shipped book with the practice's layer over it. Raises FaultyFile with every fault of the layer.

    `signed`: a doctor has signed for this very layer; only then is a disabled emergency out of force.
    """
    layer, faults = shaped(source, LayerSection)
    draft = _Draft(dict(shipped.rules.concepts), dict(shipped.written), [_why(f, source) for f in faults])
    top = Where(source)
    _add_concepts(draft, layer, top.at("concepts"), shipped)
    for n, section in whole(layer.rules):
        at = top.at("rules", n)
        if section.id in draft.written:
            draft.faults.append(at.at("id").fault(told("layer_rule_exists", rule=section.id)))
            continue
        draft.written[section.id], wrong = write(section, at, draft.concepts, shipped.rules.language)
        draft.faults += wrong
    for n, change in whole(layer.change):
        if _known(draft, change.rule, shipped, top.at("change", n)):
            draft.written[change.rule] = _changed(draft, change, top.at("change", n), shipped)
    disabled = tuple(_disable(draft, layer, shipped, signed, top.at("disable")))
    if draft.faults:
        raise FaultyFile(in_order(draft.faults))
    gone = {one.rule for one in disabled if not one.in_force}
    written = {id_: one for id_, one in draft.written.items() if id_ not in gone}
    rules = replace(
        shipped.rules,
        concepts=draft.concepts,
        rules=tuple(one.rule for one in written.values()),
        version=version(shipped.sources, source),
    )
    places = {**{name: top.at("concepts", name) for name in layer.concepts}, **shipped.concepts}
    return Book(
        rules, written, (*shipped.sources, source), places,
        _otherwise(shipped, draft.written, layer), disabled, tuple(draft.warnings),
        tuple(_reaches(layer, top)), source,
    )  # fmt: skip


def _why(fault: Fault, source: Source) -> Fault:
    """An unknown key that would weaken a rule is more than a slip of the pen."""
    values: Mapping[str, Any] = fault.told.values if fault.told and fault.told.name == "key_unknown" else {}
    if values.get("name") not in WEAKENING:
        return fault
    sentence = told("layer_weakens", name=values["name"])
    return replace(Where(source).fault(sentence), line=fault.line, column=fault.column)


def _add_concepts(draft: _Draft, layer: LayerSection, at: Where, shipped: Book) -> None:
    """New ones, and more words for those that are there, unless a rule falls silent by them."""
    draft.faults += define(layer.concepts, at, {}, shipped.rules.language)
    for name, ways in layer.concepts.items():
        rule = next((rule.id for rule in shipped.rules.rules if name in _exceptions(rule)), None)
        if rule is not None:
            exception = told("layer_exception", name=name, rule=rule)
            draft.faults.append(at.at(name).fault(exception, key=True))
        draft.concepts[name] = (*draft.concepts.get(name, ()), *ways)


def _exceptions(rule: Rule) -> frozenset[str]:
    """Concepts that keep a pattern of this rule from acting."""
    items: Iterator[Either] = (pattern.unless for pattern in rule.patterns)
    return frozenset(item.concept for either in items for item in either if isinstance(item, Heard))


def _otherwise(shipped: Book, written: Mapping[str, Written], layer: LayerSection) -> frozenset[str]:
    """Rules that do not hear as they do when shipped."""
    return frozenset(
        id_
        for id_, one in written.items()
        if one is not shipped.written.get(id_) or not _concepts_of(one.rule).isdisjoint(layer.concepts)
    )


def _concepts_of(rule: Rule) -> frozenset[str]:
    eithers = (either for p in rule.patterns for either in (*p.clause, *p.near, *p.call))
    return frozenset(item.concept for either in eithers for item in either if isinstance(item, Heard))


def _reaches(layer: LayerSection, top: Where) -> Iterator[tuple[str, Where]]:
    named = [(rule.reach, top.at("rules", n)) for n, rule in whole(layer.rules)]
    named += [(change.reach or "", top.at("change", n)) for n, change in whole(layer.change)]
    return ((target, at.at("reach")) for target, at in named if target)


def _known(draft: _Draft, rule: str, shipped: Book, at: Where) -> bool:
    """Whether it is a shipped rule that the layer speaks of for the first time."""
    if rule not in shipped.written:
        near = hint(rule, shipped.written)
        draft.faults.append(at.at("rule").fault(told("layer_rule_unknown", rule=rule, hint=near)))
    elif rule in draft.touched:
        again = told("layer_twice", rule=rule, line=draft.touched[rule])
        draft.faults.append(at.at("rule").fault(again))
    else:
        draft.touched[rule] = at.line
        return True
    return False


def _changed(draft: _Draft, change: ChangeSection, at: Where, shipped: Book) -> Written:
    """The rule with what the practice adds; who reviewed it before did not review this."""
    before = draft.written[change.rule]
    if len(change.model_fields_set) < 2:
        draft.faults.append(at.fault(told("layer_nothing", rule=change.rule)))
    reader = Reader(change.rule, draft.concepts, shipped.rules.language)
    own = f"mots de {change.rule} (cabinet)"
    added = list(reader.patterns(change.words, change.when, (), at, own))
    replaced = {key: value for key in REPLACED if (value := getattr(change, key)) is not None}
    rule = replace(
        before.rule,
        **replaced,
        level=_raised(reader, before.rule.level, change.level, at),
        patterns=(*before.rule.patterns, *(pattern for pattern, _ in added)),
        examples=(*before.rule.examples, *change.examples),
        counter_examples=(*before.rule.counter_examples, *change.counter_examples),
        reviewed_by=change.reviewed_by,
        reviewed_on=change.reviewed_on,
    )
    draft.faults += [*reader.faults, *spoken(rule, at), *dated(rule, at)]
    examples, counter_examples = listed(change, at)
    return Written(
        rule,
        before.at,
        (*before.patterns, *(where for _, where in added)),
        (*before.examples, *examples),
        (*before.counter_examples, *counter_examples),
    )


def _raised(reader: Reader, before: Any, wanted: str | None, at: Where) -> Any:
    """The level, which can only go up."""
    if wanted is not None and wanted not in LEVELS:
        unknown = told("level_unknown", name=wanted, hint=hint(wanted, LEVELS, choices(LEVELS)))
        reader.fault(at.at("level"), unknown)
    elif wanted is not None and LEVELS.index(wanted) > LEVELS.index(before):
        reader.fault(at.at("level"), told("layer_level"))
    else:
        return wanted or before
    return before


def _disable(
    draft: _Draft, layer: LayerSection, shipped: Book, signed: bool, at: Where
) -> Iterator[Disabled]:
    """What the practice does not want; an emergency goes only where somebody signed for this very file."""
    for n, one in whole(layer.disable):
        if not _known(draft, one.rule, shipped, at.at(n)):
            continue
        for name in ("reason", "by"):
            if later := left_open(getattr(one, name)):
                draft.faults.append(at.at(n, name).fault(told("in_rule", rule=one.rule, what=later)))
        in_force = draft.written[one.rule].rule.level == "emergency" and not signed
        if in_force:
            warning = told("layer_unsigned", rule=one.rule, by=one.by)
            draft.warnings.append(at.at(n, "rule").fault(warning))
        yield Disabled(one.rule, one.reason, one.by, one.on, in_force)
