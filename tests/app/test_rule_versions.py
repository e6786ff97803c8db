"""What a doctor signed can be proved: by whom, when, exactly what, and what is no longer so."""

import json
import os
import stat
from datetime import UTC, datetime

import pytest

from voicebot.app import rule_versions
from voicebot.app.rule_changes import changes
from voicebot.app.rule_versions import FIRST, concerning, read, sign, standing, texts_of, told, written
from voicebot.errors import Faulty, FaultyFile

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
HEART = """
concepts:
  poitrine: [poitrine]
rules:
  - id: douleur_thoracique
    title: Douleur dans la poitrine
    level: urgent
    words: [mal à la poitrine, ça serre]
"""
LAYER = """
disable:
  - {rule: douleur_thoracique, reason: cabinet dentaire, by: Dr Roux, on: 2026-11-20}
"""


@pytest.fixture
def rules(tmp_path):
    """The rules' folder: one shipped file, one practice with a layer of its own."""
    folder = tmp_path / "rules"
    (folder / "practices").mkdir(parents=True)
    (folder / "cardiology.yaml").write_text(HEART, encoding="utf8")
    (folder / "practices" / "roux.yaml").write_text(LAYER, encoding="utf8")
    return folder


@pytest.fixture
def signed(tmp_path):
    return tmp_path / "signed"


def signs(signed, rules, by="Dr Moreau", practice=""):
    texts = texts_of(rules)
    texts = concerning(texts, practice) if practice else texts
    return sign(signed, by, AT, practice, texts, {"": "4f2ac0ffee12"})


def change(path, old, new):
    text = path.read_text(encoding="utf8")
    assert old in text
    path.chmod(0o644)
    path.write_text(text.replace(old, new), encoding="utf8")


def stands(signed, rules, practice="demo"):
    return standing(read(signed), practice, concerning(texts_of(rules), practice))


# The chain


def test_a_version_holds_its_author_its_time_and_the_exact_files(signed, rules, tmp_path):
    version = signs(signed, rules)
    assert (version.position, version.by, version.at, version.previous) == (1, "Dr Moreau", AT, FIRST)
    assert version.rules == {"": "4f2ac0ffee12"}
    back = written(version.texts, tmp_path / "back")
    for file in ("cardiology.yaml", "practices/roux.yaml"):
        assert (back / file).read_bytes() == (rules / file).read_bytes()


def test_versions_form_a_chain_that_holds_and_no_file_is_ours_to_write_again(signed, rules):
    first, second = signs(signed, rules), signs(signed, rules, by="Dr Lefèvre")
    assert (second.position, second.previous) == (2, first.hash)
    assert read(signed) == rule_versions.Chain((first, second))
    assert read(signed).head == second.hash
    assert [stat.S_IMODE(os.stat(file).st_mode) for file in sorted(signed.iterdir())] == [0o444, 0o444]


TAMPERING = [
    (1, '"by": "Dr Moreau"', '"by": "Dr Knock"', "Version 1, signée par Dr Knock : l'auteur, la date"),
    (1, "2026-11-22", "2026-11-21", "Version 1, signée par Dr Moreau : l'auteur, la date"),
    (1, "ça serre", "ça va", "Version 1, signée par Dr Moreau : le texte de cardiology.yaml a été modifié"),
    (2, "cabinet dentaire", "sans raison", "le texte de practices/roux.yaml a été modifié"),
    (2, '"practice": ""', '"practice": "demo"', "Version 2, signée par Dr Moreau : l'auteur, la date"),
    (2, "{", "[", "Version 0002 : son fichier ne se lit plus."),
]


@pytest.mark.parametrize(("position", "old", "new", "said"), TAMPERING)
def test_whatever_is_changed_afterwards_is_named(signed, rules, position, old, new, said):
    for _ in range(3):
        signs(signed, rules)
    change(signed / f"{position:04}.json", old, new)
    assert any(said in sentence for sentence in read(signed).damage)
    assert not stands(signed, rules).signed
    assert told(stands(signed, rules))[0].endswith("le dossier des versions signées a été modifié.")


def test_a_version_that_is_taken_out_is_missed(signed, rules):
    for _ in range(3):
        signs(signed, rules)
    (signed / "0002.json").unlink()
    assert read(signed).damage == ("Il manque la version 2 : quelqu'un l'a retirée.",)


def test_a_version_made_anew_does_not_fit_between_the_others(signed, rules, tmp_path):
    for _ in range(3):
        signs(signed, rules)
    stored = json.loads((signed / "0002.json").read_text(encoding="utf8"))
    for _ in range(2):
        signs(tmp_path / "other", rules, by="Dr Knock")
    forged = (tmp_path / "other" / "0002.json").read_text(encoding="utf8")
    assert json.loads(forged)["hash"] != stored["hash"]
    (signed / "0002.json").unlink()
    (signed / "0002.json").write_text(forged, encoding="utf8")
    damage = " ".join(read(signed).damage)
    assert "Version 2, signée par Dr Knock : ne suit plus la version 1" in damage
    assert "Version 3, signée par Dr Moreau : ne suit plus la version 2" in damage


def test_nobody_signs_on_top_of_a_chain_that_was_touched(signed, rules):
    signs(signed, rules)
    change(signed / "0001.json", "ça serre", "ça va")
    with pytest.raises(Faulty, match="Rien n'est signé"):
        signs(signed, rules)
    assert len(list(signed.iterdir())) == 1


def test_of_two_doctors_who_sign_at_once_one_is_told_to_look_again(signed, rules, monkeypatch):
    before = read(signed)
    signs(signed, rules)
    monkeypatch.setattr(rule_versions, "read", lambda _: before)
    with pytest.raises(Faulty, match="vient de signer"):
        signs(signed, rules, by="Dr Lefèvre")
    monkeypatch.undo()
    assert [version.by for version in read(signed).versions] == ["Dr Moreau"]
    assert not list(signed.glob("*.new"))


def test_a_folder_that_cannot_be_written_to_is_said_so(tmp_path, rules):
    (tmp_path / "file").write_text("")
    with pytest.raises(Faulty, match="n'a pas pu être écrite"):
        signs(tmp_path / "file", rules)


def test_rules_that_are_no_text_are_a_fault(rules):
    (rules / "cardiology.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(FaultyFile, match="UTF-8"):
        texts_of(rules)


# What is in force, and what was signed


def test_rules_that_nobody_signed_are_said_not_to_be_validated(signed, rules):
    assert told(stands(signed, rules)) == ("Règles d’urgence non validées par un médecin.",)


def test_rules_exactly_as_signed_need_no_word(signed, rules):
    signs(signed, rules)
    assert stands(signed, rules).signed
    assert told(stands(signed, rules)) == ()


def test_what_changed_since_the_signature_is_said_rule_by_rule(signed, rules):
    signs(signed, rules)
    change(rules / "cardiology.yaml", "level: urgent", "level: emergency")
    since, rule = told(stands(signed, rules))
    assert "changées depuis la signature de Dr Moreau (version 1)" in since
    assert "« douleur_thoracique » (cardiology.yaml) : level : « urgent » → « emergency »" in rule


def test_a_new_signature_covers_the_change_and_an_old_state_is_covered_no_more(signed, rules):
    signs(signed, rules)
    change(rules / "cardiology.yaml", "ça serre", "ça oppresse")
    signs(signed, rules)
    assert stands(signed, rules).signed
    change(rules / "cardiology.yaml", "ça oppresse", "ça serre")
    assert not stands(signed, rules).signed


def test_a_comment_was_not_signed_either(signed, rules):
    signs(signed, rules)
    change(rules / "cardiology.yaml", "rules:", "# tout est faux\nrules:")
    layout = "Changement : présentation (cardiology.yaml)"
    assert [str(each) for each in stands(signed, rules).changed] == [layout]
    change(rules / "practices" / "roux.yaml", "cabinet dentaire", "aucun cardiaque ici")
    disabled, other = map(str, stands(signed, rules, "roux").changed)
    assert "désactivation de « douleur_thoracique »" in disabled
    assert other == layout


def test_a_practices_layer_concerns_no_other(signed, rules):
    signs(signed, rules)
    change(rules / "practices" / "roux.yaml", "cabinet dentaire", "aucun cardiaque ici")
    assert stands(signed, rules, "demo").signed
    assert not stands(signed, rules, "roux").signed


def test_a_doctor_who_signs_for_one_practice_signs_for_no_other(signed, rules):
    signs(signed, rules, practice="roux")
    assert stands(signed, rules, "roux").signed
    assert stands(signed, rules, "demo").version is None
    change(rules / "cardiology.yaml", "ça serre", "ça oppresse")
    signs(signed, rules, practice="roux", by="Dr Roux")
    signs(signed, rules, practice="demo", by="Dr Moreau")
    assert stands(signed, rules, "roux").version.by == "Dr Roux"
    assert stands(signed, rules, "demo").version.by == "Dr Moreau"


def test_a_long_list_of_changes_is_cut(signed, rules):
    signs(signed, rules)
    more = "".join(f"  - {{id: r{n}, title: T, level: urgent, words: [w]}}\n" for n in range(9))
    (rules / "cardiology.yaml").write_text(HEART + more, encoding="utf8")
    lines = told(stands(signed, rules), most=5)
    assert len(lines) == 7
    assert lines[-1] == "… et 4 autres changements"


# Changes, rule by rule


def test_changes_are_told_as_the_doctor_wrote_them():
    after = HEART.replace("[poitrine]", "[poitrine, thorax]").replace(
        "[mal à la poitrine, ça serre]", "[ça serre, étau]\n    examples: [ça me serre]"
    )
    layer = "disable:\n  - {rule: avc, reason: doublon, by: Dr Roux, on: 2026-11-20}\n"
    new = "rules:\n  - {id: brulure, title: Brûlure, level: urgent, words: [brûlé]}\n"
    now = {"cardiology.yaml": after, "own.yaml": new, "practices/demo.yaml": layer}
    assert [str(each) for each in changes({"cardiology.yaml": HEART}, now)] == [
        "Changement : concept « poitrine » (cardiology.yaml) : mots : + « thorax »",
        "Changement : règle « douleur_thoracique » (cardiology.yaml) : "
        "words : + « étau », − « mal à la poitrine » ; examples : + « ça me serre »",
        "Ajout : règle « brulure » (own.yaml)",
        "Ajout : désactivation de « avc » (practices/demo.yaml) : "
        "reason : « doublon » ; by : « Dr Roux » ; on : « 2026-11-20 »",
    ]
    assert str(changes(now, {"cardiology.yaml": after})[0]) == "Retrait : règle « brulure » (own.yaml)"


def test_a_rule_that_moved_to_another_file_is_no_change():
    assert changes({"general.yaml": HEART}, {"cardiology.yaml": HEART}) == ()


def test_a_file_that_cannot_be_read_as_yaml_is_compared_whole():
    (change,) = changes({"a.yaml": "rules: ["}, {"a.yaml": "rules: [["})
    assert change.file == "a.yaml"
