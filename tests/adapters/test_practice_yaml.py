"""A practice's file: what it becomes, and what its author reads when it is wrong."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from voicebot.adapters.practice_yaml import load, load_all
from voicebot.domain.practice import Hours, Number, Permanence, Reserved, Target
from voicebot.errors import FaultyFile

PRACTICES = Path(__file__).parents[2] / "practices"

SMALL = """\
nom: Cabinet
téléphone: "01 99 00 12 34"
département: "75"
médecins:
  moreau:
    nom: Moreau
    horaires:
      lundi: 9h-12h30, 14:00-18:30
      mardi: fermé
    urgences_du_jour:
      lundi: 11h30-12h30
    absences:
      - 2026-12-24
      - du 2027-02-01 au 2027-02-05
motifs:
  consultation:
    nom: consultation
    durée_minutes: 15
    nouveaux_patients: non
consignes:
  - texte: le docteur a une heure de retard.
    jusqu'à: 2026-12-02 12h30
  - texte: le cabinet déménage.
    jusqu'à: 2026-12-31
informations:
  horaires: tous les jours
  ascenseur: il y en a un
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf8")
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(FaultyFile) as caught:
        load(path)
    return [f"{fault.line}:{fault.column} {fault.message}" for fault in caught.value.faults]


def test_a_file_becomes_a_practice(tmp_path):
    practice = load(write(tmp_path, "cabinet.yaml", SMALL))
    moreau, paris = practice.doctor("moreau"), ZoneInfo("Europe/Paris")
    assert practice.id == "cabinet"
    assert moreau.spoken == "docteur Moreau"
    assert moreau.opening == (Hours(0, time(9), time(12, 30)), Hours(0, time(14), time(18, 30)))
    assert moreau.absences == (
        (date(2026, 12, 24), date(2026, 12, 24)),
        (date(2027, 2, 1), date(2027, 2, 5)),
    )
    assert practice.reserved == (Reserved("moreau", Hours(0, time(11, 30), time(12, 30))),)
    assert practice.motif("consultation").minutes == 15
    assert practice.motif("consultation").new_patients is False
    assert [c.until for c in practice.consignes] == [
        datetime(2026, 12, 2, 12, 30, tzinfo=paris),
        datetime(2027, 1, 1, tzinfo=paris),
    ]
    assert practice.information == {"hours": "tous les jours", "ascenseur": "il y en a un"}
    assert practice.callback_within == timedelta(hours=2)


def test_the_practices_that_ship_are_faultless_and_bench_differs_only_in_patience():
    shipped = load_all(PRACTICES)
    assert len(shipped["demo"].doctors) == 3
    assert (
        replace(shipped["bench"], id="demo", give_up_after=shipped["demo"].give_up_after) == shipped["demo"]
    )
    assert shipped["bench"].give_up_after > 100
    assert shipped["bench"].variant_of == "demo"
    assert shipped["demo"].variant_of is None


def test_every_mistake_of_every_file_is_told_at_once(tmp_path):
    write(tmp_path, "a.yaml", SMALL.replace('"01 99 00 12 34"', "0199001234").replace("9h-12h30,", "9h-25h,"))
    write(tmp_path, "b.yaml", SMALL.replace("durée_minutes: 15", "duree_minutes: 15"))
    write(tmp_path, "c.yaml", "reprend: a\nnom: [\n")
    write(tmp_path, "d.yaml", "reprend: a\n")
    with pytest.raises(FaultyFile) as caught:
        load_all(tmp_path)
    assert [(Path(f.file).name, f.line, f.column, f.message) for f in caught.value.faults] == [
        ("a.yaml", 2, 12, '« 0199001234 » doit être écrit entre guillemets : "0199001234"'),
        ("a.yaml", 8, 14, "« 25h » : cette heure n'existe pas"),
        ("b.yaml", 16, 3, "il manque « durée_minutes »"),
        (
            "b.yaml",
            18,
            5,
            "« duree_minutes » n'est pas une clé connue ; vouliez-vous dire « durée_minutes » ?",
        ),
        ("c.yaml", 3, 1, "il manque « , » ou le crochet fermant"),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("14:00-18:30", "12h-18h", "8:14 « 9h-12h30, 12h-18h » : deux horaires se chevauchent"),
        ("14:00-18:30", "18h-14h", "8:14 « 9h-12h30, 18h-14h » : un horaire finit avant d'avoir commencé"),
        (
            "mardi: fermé",
            "mardi: 9",
            "9:14 « 9 » n'est pas un horaire : écrivez par exemple 9h-12h30, 14h-18h",
        ),
        ("mardi:", "madri:", "9:7 « madri » n'est pas une clé connue ; vouliez-vous dire « mardi » ?"),
        ("- 2026-12-24", "- 2026-02-31", "13:9 « 2026-02-31 » : ce jour n'existe pas"),
        (
            "du 2027-02-01",
            "du 2028-02-01",
            "14:9 « du 2028-02-01 au 2027-02-05 » : la fin est avant le début",
        ),
        ("2026-12-02 12h30", "demain", "22:14 « demain » : écrivez par exemple 2026-12-02 18h30"),
        ("11h30-12h30", "12h-13h", "11:14 les urgences du lundi doivent tomber dans les horaires du lundi"),
        ("durée_minutes: 15", "durée_minutes: 1", "18:20 doit être au moins 5"),
        ("durée_minutes: 15", "durée_minutes: vite", "18:20 « vite » n'est pas un nombre entier"),
        ("patients: non", "patients: peut-être", "19:24 écrivez oui ou non"),
        ('"75"', "075", '3:14 « 075 » doit être écrit entre guillemets : "075"'),
        ('"01 99 00 12 34"', '"12"', "2:12 « 12 » n'est pas un numéro de téléphone"),
        (
            "    nouveaux_patients: non",
            "    médecins: [moreau, morau]",
            "19:24 « morau » n'est pas un médecin de ce fichier ; vouliez-vous dire « moreau » ?",
        ),
        ("nom: Cabinet\n", "nom: Cabinet\nreprend: dmo\n", "2:10 il n'y a pas de dmo.yaml ici"),
    ],
)
def test_each_mistake_is_told_where_it_stands_and_how_to_mend_it(tmp_path, right, wrong, told):
    assert right in SMALL
    told_all = faults(write(tmp_path, "cabinet.yaml", SMALL.replace(right, wrong, 1)))
    assert len(told_all) == 1
    assert told_all[0].startswith(told)


def test_an_empty_folder_is_a_mistake_too(tmp_path):
    with pytest.raises(FaultyFile, match="aucun fichier de cabinet"):
        load_all(tmp_path)


TELEPHONE = (
    SMALL
    + """\
numéros:
  - "01 99 00 12 34"
  - numéro: "+33 1 99 00 56 78"
    d'abord: humains
transferts:
  secretariat:
    nom: le secrétariat
  moreau_mobile:
    nom: le docteur Moreau
    numéro: "06 39 98 12 34"
    horaires:
      lundi: 9h-12h
    urgences_seulement: oui
réglages:
  humains_d'abord_secondes: 15
"""
)


def test_its_numbers_and_who_can_be_rung(tmp_path):
    practice = load(write(tmp_path, "cabinet.yaml", TELEPHONE))
    assert practice.numbers == (Number("+33199001234"), Number("+33199005678", "humans"))
    assert practice.targets == (
        Target("secretariat", "le secrétariat"),
        Target("moreau_mobile", "le docteur Moreau", "+33639981234", (Hours(0, time(9), time(12)),), True),
    )
    assert practice.humans_first_s == 15


def test_the_numbers_its_rules_send_to_and_the_15_where_it_gives_none(tmp_path):
    text = SMALL + 'numéros_utiles:\n  antipoison: "01 99 00 48 48"\n'
    practice = load(write(tmp_path, "cabinet.yaml", text))
    assert practice.helplines == {"antipoison": "01 99 00 48 48"}
    assert [practice.sends_to(a) for a in ("antipoison", "maternité", "3114")] == ["antipoison", "15", "3114"]
    told = faults(write(tmp_path, "cabinet.yaml", text.replace("antipoison", "antipoisson")))
    assert told[0].endswith("« antipoisson » n'est pas une clé connue ; vouliez-vous dire « antipoison » ?")


def test_a_number_rings_in_one_practice_only(tmp_path):
    write(tmp_path, "cabinet.yaml", TELEPHONE)
    child = write(tmp_path, "annexe.yaml", "reprend: cabinet\nnom: Annexe\n")
    assert load(child).numbers == ()
    assert len(load(child).targets) == 2
    write(tmp_path, "annexe.yaml", 'reprend: cabinet\nnuméros: ["01 99 00 12 34"]\n')
    with pytest.raises(FaultyFile, match="ce numéro est à deux cabinets"):
        load_all(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"06 39 98 12 34"', '"15"', "« 15 » n'est pas un numéro de téléphone"),
        ('"06 39 98 12 34"', "0639981234", "entre guillemets"),
        ('"06 39 98 12 34"', '"0199005678"', "tournerait en rond"),
        ("  secretariat:", "  secrétariat&x:", "secrétariat&x"),
        ('"+33 1 99 00 56 78"', '"0199001234"', "écrit deux fois"),
        ("d'abord: humains", "d'abord: la voix", "voix"),
    ],
)
def test_what_the_telephone_cannot_do_is_said(tmp_path, before, after, message):
    assert before in TELEPHONE
    told = faults(write(tmp_path, "cabinet.yaml", TELEPHONE.replace(before, after)))
    assert any(message in fault for fault in told), told


def test_the_doctor_on_call_answers_at_the_usual_hours_unless_others_are_written(tmp_path):
    usual = write(tmp_path, "cabinet.yaml", SMALL + 'permanence:\n  numéro: "116117"\n')
    assert load(usual).permanence == Permanence()
    others = (
        'permanence:\n  numéro: "116117"\n  la_nuit_dès: 0h\n  la_nuit_jusqu\'à: 7h30\n  le_samedi_dès: non\n'
    )
    hours = load(write(tmp_path, "cabinet.yaml", SMALL + others + "  dimanches_et_fériés: non\n")).permanence
    assert hours == Permanence(time(0), time(7, 30), None, sundays=False)
    assert load(write(tmp_path, "cabinet.yaml", SMALL)).permanence is None


def test_only_the_116117_is_a_permanence(tmp_path):
    with pytest.raises(FaultyFile, match="116117"):
        load(write(tmp_path, "cabinet.yaml", SMALL + 'permanence:\n  numéro: "15"\n'))


def test_a_closed_practice_may_say_it_in_its_own_words(tmp_path):
    text = SMALL + "message_de_fermeture: Fermé jusqu'à lundi.\n"
    assert load(write(tmp_path, "cabinet.yaml", text)).closed_message == "Fermé jusqu'à lundi."
