"""What the doctor's guide shows can be copied as it stands, and does what it says."""

import re
import shutil
from pathlib import Path

import pytest

from voicebot.adapters import rules_yaml
from voicebot.domain.triage.judging import heard_by

SHIPPED = Path(__file__).parents[2] / "triage_rules"
GUIDE = (SHIPPED / "README.md").read_text(encoding="utf8")


@pytest.fixture
def copied(tmp_path):
    def load(first_key):
        folder = tmp_path / "triage_rules"
        shutil.copytree(SHIPPED, folder)
        (found,) = re.findall(rf"```yaml\n({first_key}:.*?)```", GUIDE, re.DOTALL)
        (folder / "practices" / "demo.yaml").write_text(found, encoding="utf8")
        return rules_yaml.load(folder, "demo")

    return load


def test_the_first_rule_of_the_guide_works(copied):
    rules = copied("rules")
    (rule,) = (rule for rule in rules.rules if rule.id == "piqure_patient_allergique")
    told = re.search(r'rules explain "(.+?)"', GUIDE)
    assert told
    for said in (*rule.examples, told[1]):
        evidence = heard_by(rules, rule.id, (said,))
        assert evidence is not None, said
        assert evidence.status == "present", said
    for said in rule.counter_examples:
        assert heard_by(rules, rule.id, (said,)) is None, said


def test_the_changes_of_the_guide_work(copied):
    rules = copied("change")
    assert heard_by(rules, "douleur_thoracique", ("j'ai mal au coffre",))
    assert "palpitations" not in {rule.id for rule in rules.rules}
