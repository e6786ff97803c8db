"""What a past call teaches a rule: its sentence becomes an example, or a counter-example, of the practice's.

The file is a doctor's: comments and layout stay, it is written whole or not at all, and only if the rules
still load with it.
"""

import asyncio
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString
from ruamel.yaml.util import load_yaml_guess_indent

from voicebot.adapters import rules_yaml
from voicebot.adapters.rules_yaml import LAYERS
from voicebot.app import rule_versions
from voicebot.domain.french import fold
from voicebot.domain.triage.judging import judge
from voicebot.domain.triage.rules import Rule, Rules
from voicebot.errors import Faulty, FaultyFile, Unavailable

Kind = Literal["examples", "counter_examples"]
"""It was urgent: the rule must hear it; it was not: the rule must not act on it."""
LONGEST = 300
NEAREST = 5
"""Rules offered first, by how like their own examples the sentence is."""
HEADER = """\
# Ce que ce cabinet ajoute aux règles d'urgence. triage_rules/README.md dit comment.
"""


@dataclass(frozen=True)
class Learned:
    """What became of it. `status`: what the rule makes of the sentence now; None: it does not hear it."""

    rule: Rule
    kind: Kind
    status: Literal["present", "uncertain"] | None

    @property
    def as_wished(self) -> bool:
        """The rule does with it what it should."""
        return self.status is not None if self.kind == "examples" else self.status != "present"


@dataclass(frozen=True)
class Feedback:
    """Writes to the practices' layers in the rules' folder, one at a time."""

    folder: Path
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def learn(
        self, practice: str, rule: str, kind: Kind, sentence: str, by: str, at: datetime
    ) -> Learned:
        """On disk when it returns. Raises Faulty with what to mend, in French; Unavailable: not written."""
        async with self._writing:
            return await asyncio.to_thread(
                self._learn, practice, rule, kind, sentence, f"{by}, {at:%d/%m/%Y}"
            )

    def _learn(self, practice: str, rule: str, kind: Kind, sentence: str, note: str) -> Learned:
        texts = rule_versions.concerning(rule_versions.texts_of(self.folder), practice)
        path = f"{LAYERS}/{practice}.yaml"
        new = with_example(texts.get(path, ""), rule, kind, sentence, note)
        rules = _loaded({**texts, path: new}, practice)
        try:
            _replace(self.folder / path, new, texts.get(path))
        except OSError as error:
            raise Unavailable(f"the practice's rules could not be written: {error.strerror}") from error
        (taught,) = (each for each in rules.rules if each.id == rule)
        return Learned(taught, kind, status(rules, rule, sentence))


def status(rules: Rules, rule: str, sentence: str) -> Literal["present", "uncertain"] | None:
    """What one rule makes of a sentence said alone."""
    return {each.rule: each.status for each in judge(rules, (sentence,)).evidence}.get(rule)


def with_example(layer: str, rule: str, kind: Kind, sentence: str, note: str) -> str:
    """The text of a practice's layer with one example more. Raises Faulty: it is not as such a file is."""
    yaml = YAML(typ="rt")
    yaml.width, yaml.preserve_quotes = 10_000, True
    head = ""
    try:
        data, sequence, offset = load_yaml_guess_indent(layer, yaml=yaml)
    except YAMLError as error:
        raise Faulty("Le fichier de règles du cabinet a une faute : corrigez-la d'abord.") from error
    if data is None:
        data, head = CommentedMap(), layer or HEADER
    if not isinstance(data, CommentedMap):
        raise Faulty("Le fichier de règles du cabinet n'a pas la forme attendue.")
    examples = _listed(_entry(data, rule), kind)
    if sentence in examples:
        raise Faulty("Cette phrase y est déjà.")
    examples.append(DoubleQuotedScalarString(sentence))
    if not examples.fa.flow_style():
        examples.yaml_add_eol_comment(note, len(examples) - 1)
    yaml.indent(mapping=2, sequence=sequence or 4, offset=2 if offset is None else offset)
    out = StringIO()
    yaml.dump(data, out)
    return head + out.getvalue()


def _entry(data: CommentedMap, rule: str) -> CommentedMap:
    """Where the layer speaks of the rule: its own rule, a change of a shipped one, or a new change."""
    for key, name in (("rules", "id"), ("change", "rule")):
        for entry in _listed(data, key, make=False):
            if isinstance(entry, CommentedMap) and entry.get(name) == rule:
                return entry
    entry = CommentedMap({"rule": rule})
    _listed(data, "change").append(entry)
    return entry


def _listed(data: CommentedMap, key: str, *, make: bool = True) -> CommentedSeq:
    found = data.get(key)
    if found is None:
        found = CommentedSeq()
        if make:
            data[key] = found
    if not isinstance(found, CommentedSeq):
        raise Faulty(f"Le fichier de règles du cabinet : sous « {key} », une liste est attendue.")
    return found


def _loaded(texts: Mapping[str, str], practice: str) -> Rules:
    """The rules with the new text, read where nobody else looks. Raises Faulty."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return rules_yaml.load(rule_versions.written(texts, Path(folder)), practice)
        except FaultyFile as faulty:
            why = "\n".join(fault.message for fault in faulty.faults)
            raise Faulty(f"Les règles ne se lisent plus avec cette phrase :\n{why}") from faulty


def _replace(path: Path, text: str, before: str | None) -> None:
    """The whole file at once. Raises OSError; Faulty when somebody saved it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with draft.open("wb") as file:
        file.write(text.encode("utf8"))
        file.flush()
        os.fsync(file.fileno())
    now = path.read_bytes().decode("utf8") if path.exists() else None
    if now != before:
        draft.unlink()
        raise Faulty("Quelqu'un vient d'enregistrer ce fichier. Recommencez.")
    draft.replace(path)


# Which rule


def nearest(rules: Rules, sentence: str, fired: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Every rule, those first that fired on the sentence, then those whose examples are most like it."""
    said = fold(sentence)
    evidence = [*fired, *(each.rule for each in judge(rules, (sentence,)).evidence)]

    def place(rule: Rule) -> tuple[bool, float]:
        like = max((fuzz.token_set_ratio(said, fold(text)) for text in rule.examples), default=0.0)
        return rule.id not in evidence, -like

    return tuple(sorted(rules.rules, key=place))
