"""`voicebot rules check`: what a doctor reads when the rules are wrong, and when they are in order."""

import time
from argparse import ArgumentParser
from dataclasses import replace

import pytest

from voicebot.app.commands import check, rules
from voicebot.app.commands.carets import WIDEST, shown
from voicebot.errors import Fault
from voicebot.settings import Settings

SHIPPED = Settings()
BOOK = """\
concepts:
  douleur: [mal, douleur]
  poitrine: [poitrine, thorax]
rules:
  - id: thorax
    title: Douleur dans la poitrine
    level: emergency
    when:
      - [douleur, poitrine]
    examples: [mal à la poitrine]
    counter_examples: [mal au pied]
  - id: fièvre
    title: Fièvre
    level: urgent
    words: [fièvre]
    examples: [de la fièvre]
    counter_examples: [pas de fièvre]
    source: HAS
    reviewed_by: Dr Moreau
"""


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "practices").mkdir()
    (tmp_path / "livre.yaml").write_text(BOOK, encoding="utf8")
    return replace(SHIPPED, rules=tmp_path)


def checked(capsys, settings, *arguments, command=rules, verb=("check",)):
    parser = ArgumentParser()
    command.add_arguments(parser)
    code = command.run(parser.parse_args([*verb, *map(str, arguments)]), settings)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def rewrite(settings, *changes, name="livre.yaml", text=BOOK):
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (settings.rules / name).write_text(text, encoding="utf8")


def test_a_book_in_order(capsys, settings):
    code, out, err = checked(capsys, settings)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"{settings.rules} : 2 règles en ordre, exemples compris",
        "sans source : 1 règles sur 2 (thorax)",
        "relues par aucun médecin : 1 règles sur 2 (thorax)",
    ]


def test_every_mistake_at_once_with_its_line_its_caret_and_what_to_do(capsys, settings):
    rewrite(
        settings,
        ("level: emergency", "level: emergensy"),
        ("[de la fièvre]", "[de la fièvre, une angine]"),
        ("source: HAS", "sauce: HAS"),
    )
    code, out, err = checked(capsys, settings)
    assert (code, out) == (2, "")
    file = settings.rules / "livre.yaml"
    assert err.splitlines() == [
        f"{file}:7:12: la règle « thorax » : niveau « emergensy » inconnu ; "
        "vouliez-vous dire « emergency » ?",
        "        level: emergensy",
        "               ^",
        f"{file}:18:5: « sauce » n'est pas une clé connue ; vouliez-vous dire « source » ?",
        "        sauce: HAS",
        "        ^",
        "2 faute(s) à corriger",
    ]


def test_an_example_that_fails_is_shown_where_it_stands_beside_other_mistakes(capsys, settings):
    rewrite(
        settings, ("level: emergency", "level: emergensy"), ("[de la fièvre]", "[de la fièvre, l'angine]")
    )
    code, _, err = checked(capsys, settings)
    assert code == 2
    assert "livre.yaml:16:30: la règle « fièvre » ne reconnaît pas son exemple : « l'angine »" in err
    assert "emergensy" in err
    assert "mal à la poitrine" not in err


def test_in_english(capsys, settings):
    rewrite(settings, ("level: emergency", "level: emergensy"), ("title: Fièvre", "titel: Fièvre"))
    _, _, err = checked(capsys, settings, "--lang", "en")
    assert "rule “thorax”: level “emergensy” is unknown; did you mean “emergency”?" in err
    assert "“title” is missing" in err
    assert "“titel” is not a known key; did you mean “title”?" in err
    assert err.endswith("3 fault(s) to mend\n")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "[mal au pied]",
            "[mal au thorax]",
            "11:24: la règle « thorax » agit sur son contre-exemple : « mal au",
        ),
        (
            "counter_examples: [pas de fièvre]",
            "counter_examples: [pas de fièvre, de la fièvre]",
            "17:39: exemple et contre-exemple à la fois de la règle « fièvre »",
        ),
        ("[pas de fièvre]", "[fièvre et mal à la poitrine]", "agit sur son contre-exemple"),
        (
            "[mal à la poitrine]",
            "[plus mal à la poitrine]",
            "10:16: la règle « thorax » hésite sur son exemple",
        ),
    ],
)
def test_what_contradicts_itself(capsys, settings, old, new, told):
    rewrite(settings, (old, new))
    code, _, err = checked(capsys, settings)
    assert code == 2
    assert told in err


def test_one_rule_s_example_that_another_must_not_act_on(capsys, settings):
    rewrite(settings, ("[pas de fièvre]", "[pas de fièvre, MAL à la  poitrine et fièvre]"))
    rewrite(
        settings,
        ("[mal à la poitrine]", "[mal à la poitrine et fièvre]"),
        text=(settings.rules / "livre.yaml").read_text(encoding="utf8"),
    )
    code, _, err = checked(capsys, settings)
    assert code == 2
    assert "la règle « fièvre » agit sur son contre-exemple, qui est un exemple de « thorax »" in err


def test_what_adds_nothing_is_shown_on_demand(capsys, settings):
    rewrite(
        settings,
        ("douleur: [mal, douleur]", "douleur: [mal, douleur, maux]"),
        ("poitrine: [poitrine, thorax]", "poitrine: [poitrine, thorax]\n  mal: [douleur, mal]"),
        ("- [douleur, poitrine]", "- [douleur, poitrine]\n      - [douleur, poitrine, « fièvre »]"),
        ("words: [fièvre]", "words: [fièvre, fièvres]"),
        ("[mal à la poitrine]", "[mal à la poitrine, mal à la poitrine]"),
    )
    assert len(checked(capsys, settings)[1].splitlines()) == 3
    code, out, err = checked(capsys, settings, "--notices")
    assert (code, err) == (0, "")
    assert "4:3: aucune règle n'utilise le concept « mal »" in out
    assert "4:3: « mal » se dit exactement comme « douleur »" in out
    assert "2:27: « douleur » : 1 façon(s) de dire déjà là : maux" in out
    assert "11:9: la règle « thorax » entend déjà tout cela par la ligne 10, colonne 9" in out
    assert "12:35: déjà écrit à la ligne 12" in out
    assert "17:21: « fièvre » : 1 façon(s) de dire déjà là : fièvres" in out


def test_a_rule_whose_examples_all_make_another_act(capsys, settings):
    rewrite(settings, ("words: [fièvre]", "words: [thorax]"), ("[de la fièvre]", "[mal au thorax]"))
    assert (
        "tous les exemples de « fièvre » font déjà agir « thorax »"
        in checked(capsys, settings, "--notices")[1]
    )


def test_a_practice_s_own_layer_is_checked_over_the_rules_it_lies_on(capsys, settings):
    layer = settings.rules / "practices" / "demo.yaml"
    layer.write_text("change: [{rule: thorax, examples: [mal au pied]}]\n", encoding="utf8")
    for arguments in ((), (layer,)):
        code, _, err = checked(capsys, settings, *arguments)
        assert code == 2
        assert f"{layer}:1:36: la règle « thorax » ne reconnaît pas son exemple" in err


def test_a_layer_is_found_among_the_rules_in_force_by_its_short_name(capsys, settings, monkeypatch, tmp_path):
    layer = settings.rules / "practices" / "demo.yaml"
    layer.write_text("change: [{rule: fièvre, words: [frissons]}]\n", encoding="utf8")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "practices").mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    for practice in (None, "nom: Cabinet des Ormes\n"):
        if practice:
            (elsewhere / "practices" / "demo.yaml").write_text(practice, encoding="utf8")
        code, out, _ = checked(capsys, settings, "practices/demo.yaml")
        assert (code, out.split(" : ")[0]) == (0, str(layer))


def test_an_emergency_that_nobody_signed_off_is_told_and_no_fault(capsys, settings):
    layer = settings.rules / "practices" / "demo.yaml"
    disable = "disable: [{rule: thorax, reason: doublon, by: Dr Moreau, on: 2026-11-20}]\n"
    layer.write_text(disable, encoding="utf8")
    code, out, err = checked(capsys, settings)
    assert code == 0
    assert "« thorax » reste en service" in err
    assert f"{layer} : 0 règle(s) ajoutée(s) ou changée(s), 1 désactivée(s), en ordre" in out


def test_a_layer_of_nobody_and_a_telephone_that_is_not_there(capsys, settings):
    folder = settings.rules / "practices"
    (folder / "dmo.yaml").write_text("change: [{rule: fièvre, words: [frissons]}]\n", encoding="utf8")
    (folder / "demo.yaml").write_text("change: [{rule: fièvre, reach: moreau}]\n", encoding="utf8")
    code, _, err = checked(capsys, settings)
    assert code == 2
    assert "aucun cabinet ne s'appelle « dmo » ; vouliez-vous dire « demo » ?" in err
    (folder / "dmo.yaml").unlink()
    code, _, err = checked(capsys, settings)
    assert code == 0
    assert f"{folder / 'demo.yaml'}:1:32: ce cabinet n'a pas de téléphone « moreau »" in err


def test_voicebot_check_goes_the_same_way(capsys, settings):
    rewrite(settings, ("[de la fièvre]", "[l'angine]"))
    ours = checked(capsys, settings, settings.rules)
    theirs = checked(capsys, settings, settings.rules, command=check, verb=())
    assert ours[2].removesuffix("1 faute(s) à corriger\n") == theirs[2]
    rewrite(settings)
    assert (
        checked(capsys, settings, settings.rules)[1]
        == checked(*(capsys, settings, settings.rules), command=check, verb=())[1]
    )


def test_the_shipped_rules_and_layers_are_in_order(capsys):
    assert checked(capsys, SHIPPED)[::2] == (0, "")


def a_million_squares():
    begin = time.process_time()
    sum(n * n for n in range(1_000_000))
    return time.process_time() - begin


def test_it_is_quick(capsys):
    """Two seconds for a cold process on an idle core that sums a million squares in 60 ms: what is left
    beside the imports, told in such sums, since other tests slow both down."""
    paces = [a_million_squares()]
    begin = time.process_time()
    checked(capsys, SHIPPED)
    spent = time.process_time() - begin
    paces += [a_million_squares()]
    assert spent < 40 * max(paces)


def test_a_long_line_is_shown_around_the_caret(tmp_path):
    file = tmp_path / "long.yaml"
    file.write_text(400 * "a" + "X" + 400 * "b", encoding="utf8")
    _, line, caret = shown(Fault(str(file), 1, 401, "ici")).split("\n")
    assert line[caret.index("^")] == "X"
    assert len(line) <= WIDEST + 6
    assert "\x1b" not in shown(Fault(str(file), 1, 1, "ici"))


def test_what_a_line_holds_does_not_reach_the_terminal(tmp_path):
    file = tmp_path / "escape.yaml"
    file.write_text("a\x1b[2Jb", encoding="utf8")
    assert "\x1b" not in shown(Fault(str(file), 1, 1, "ici"))
