"""`voicebot check`: what somebody who changed a file reads."""

import asyncio
from dataclasses import replace
from pathlib import Path

from tests.llm_server import serving
from voicebot.adapters.llm_openai import INVENTED
from voicebot.app.commands import check
from voicebot.settings import Settings

SETTINGS = Settings()


def checked(capsys, *paths: Path, settings=SETTINGS):
    code = check.run(check.argparse.Namespace(path=list(paths), chain=False), settings)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_practices_that_ship_are_in_order(capsys):
    code, out, err = checked(capsys, SETTINGS.practices)
    assert (code, err) == (0, "")
    assert "demo : Cabinet médical des Tilleuls, 3 agendas" in out


def test_the_invented_patients_that_ship_are_in_order(capsys):
    assert checked(capsys, *(SETTINGS.practices / "patients").glob("*.yaml"))[0] == 0


def test_every_fault_of_every_file_is_shown_under_its_line(capsys, tmp_path):
    text = (SETTINGS.practices / "demo.yaml").read_text(encoding="utf8")
    wrong = text.replace('"01 99 00 47 12"', "0199004712").replace("durée_minutes: 20", "duree_minutes: 20")
    (tmp_path / "un.yaml").write_text(wrong, encoding="utf8")
    (tmp_path / "deux.yaml").write_text("nom: [\n", encoding="utf8")
    code, out, err = checked(capsys, tmp_path / "un.yaml", tmp_path / "deux.yaml", SETTINGS.practices)
    assert code == 2
    assert "demo : Cabinet" in out
    lines = err.splitlines()
    phone = next(n for n, line in enumerate(lines) if "0199004712 »" in line)
    assert lines[phone].startswith(f"{tmp_path / 'un.yaml'}:12:12: ")
    assert lines[phone + 1].strip().startswith("téléphone: 0199004712")
    assert lines[phone + 2].index("^") == lines[phone + 1].index("0199004712")
    assert "vouliez-vous dire « durée_minutes » ?" in err
    assert str(tmp_path / "deux.yaml") in err


def test_a_missing_file_is_told(capsys, tmp_path):
    code, _, err = checked(capsys, tmp_path / "absent.yaml")
    assert code == 2
    assert "illisible" in err


def test_a_rule_that_misses_its_own_example_is_a_fault(capsys, tmp_path):
    (tmp_path / "own.yaml").write_text(
        "rules:\n"
        "  - id: test\n"
        "    title: douleur\n"
        "    level: emergency\n"
        "    when:\n"
        "      - [« douleur »]\n"
        "    examples: [je veux un rendez-vous]\n",
        encoding="utf8",
    )
    code, _, err = checked(capsys, tmp_path, settings=replace(SETTINGS, rules=tmp_path))
    assert code == 2
    assert "test" in err


def test_a_language_model_that_is_configured_is_tried_with_invented_words(capsys):
    async def work():
        async with serving({"wish": "booking"}) as server:
            settings = replace(SETTINGS, llm_url=server.url, llm_model="essai")
            code, out, err = await asyncio.to_thread(checked, capsys, settings=settings)
        return code, out, err, server.words

    code, out, err, words = asyncio.run(work())
    assert (code, set(words)) == (0, {INVENTED}), err
    assert "✓ Modèle de langue : répond en 0," in out


def test_a_language_model_that_does_not_answer_is_told(capsys):
    settings = replace(SETTINGS, llm_url="http://127.0.0.1:9/v1", llm_model="essai")
    code, out, _ = checked(capsys, settings=settings)
    assert code == 1
    assert "✗ Modèle de langue : le serveur ne répond pas" in out
    code, out, _ = checked(capsys, settings=replace(settings, llm_model=""))
    assert (code, "VOICEBOT_LLM_MODEL" in out) == (1, True)
    assert checked(capsys, SETTINGS.practices, settings=settings)[0] == 0
