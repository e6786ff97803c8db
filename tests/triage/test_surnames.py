"""Somebody's name is no sign: no rule acts on it, or asks about it."""

from pathlib import Path

import pytest

from voicebot.adapters.rules_yaml import load
from voicebot.domain.triage.judging import judge

ROOT = Path(__file__).parents[2]
FIRST = (
    "Marie Jean Pierre Michel André Philippe Alain Bernard Jacques Daniel Nicolas Christophe Laurent Mathieu "
    "Stéphane Pascal Rose Claire Blanche Violette Aurore Ange Victoire Constance Désiré Aimé Juste Fanny "
    "Maxime Léo Hugo Emma Louise Alice Chloé Lina Mohamed Fatima Olga Marine Solange Jeanne Odette"
)
FAMILY = (
    "Martin Petit Richard Durand Dubois Moreau Simon Lefebvre Leroy Roux Morel Fournier Girard Bonnet Dupont "
    "Lambert Fontaine Rousseau Vincent Faure Mercier Blanc Boyer Garnier Chevalier Legrand Perrin Robin "
    "Clement Morin Roussel Masson Marchand Duval Denis Dumont Lemaire Noel Meyer Meunier Brun Blanchard Joly "
    "Riviere Lucas Brunet Gaillard Barbier Arnaud Roche Renard Roy Colin Vidal Caron Picard Fabre Renaud "
    "Lacroix Bourgeois Benoit Rey Leclerc Lecomte Dupuy Berger Carpentier Moulin Deschamps Boucher Fleury "
    "Klein Paris Poirier Carre Charles Menard Baron Bailly Collet Leger Millet Germain Besson Lenoir Lerouge "
    "Addi Adi"
)


@pytest.fixture(scope="module")
def rules():
    return load(ROOT / "triage_rules")


@pytest.mark.parametrize(
    "said", ["{}", "c'est pour {}", "je m'appelle {}", "bonjour madame {} pour un rendez-vous"]
)
def test_a_name_is_no_sign(rules, said):
    taken = [name for name in (FIRST + " " + FAMILY).split() if judge(rules, [said.format(name)]).level]
    assert taken == []


@pytest.mark.parametrize("said", ["adieu", "adieux à tous", "je vous dis adieux"])
def test_who_takes_leave_for_good_is_heard(rules, said):
    assert judge(rules, [said]).level == "emergency"
