"""The pages in a real Chromium: calls, captions, taking over, a service that dies, and who can read them."""

import os
import re
from pathlib import Path

import pytest

from tests.app.on_show import PASSWORD
from tests.browser.conftest import hears, page_of, process, violations, wider_than_screen
from tests.browser.service_on_show import GREETING, HEARD, HUM_HZ
from tests.ports import free_ports

pytestmark = pytest.mark.browser

SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder to leave pictures in, to look at."""


@pytest.fixture
def practice():
    with process("-m", "tests.browser.service_on_show", str(free_ports(1)[0])) as running:
        yield running


@pytest.fixture
def busy_practice():
    with process("-m", "tests.browser.service_on_show", str(free_ports(1)[0]), "busy") as running:
        yield running


def picture(page, name):
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def check(page, name):
    picture(page, name)
    assert violations(page) == []
    assert not wider_than_screen(page)
    assert page.faults == []


def call(page, url, button="Appeler le cabinet", path="/appel/demo"):
    page.goto(url + path)
    page.get_by_role("button", name=button).click()
    page.get_by_text(GREETING).wait_for()
    page.get_by_text(HEARD).wait_for()


def desk(page, url, path="/direct"):
    page.goto(url + path)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.locator("#offline[hidden]").wait_for(state="attached")
    if "?" in path:
        page.goto(url + path)
        page.locator("#offline[hidden]").wait_for(state="attached")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_patient_calls_types_presses_and_hangs_up(chromium, practice, width):
    page = page_of(chromium(), width)
    page.goto(f"{practice.url}/appel/demo")
    check(page, "patient")
    call(page, practice.url)
    page.get_by_label("Écrire plutôt que parler").fill("je voudrais un rendez-vous")
    page.keyboard.press("Enter")
    page.locator("p.caller", has_text="je voudrais un rendez-vous").wait_for()
    page.get_by_text("Clavier").click()
    page.get_by_role("button", name="0, une secrétaire").click()
    page.get_by_text("touche 0").wait_for()
    page.get_by_role("log").focus()
    page.keyboard.press("5")
    page.get_by_text("touche 5").wait_for()
    assert page.locator(".captions .partial").count() == 0
    check(page, "patient-call")
    page.get_by_role("button", name="Raccrocher").click()
    page.get_by_text("Appel terminé").wait_for()
    assert not page.locator("#lost").is_visible()
    check(page, "patient-end")


def test_the_voice_says_goodbye(chromium, practice):
    page = page_of(chromium())
    call(page, practice.url)
    page.get_by_label("Écrire plutôt que parler").fill("au revoir")
    page.keyboard.press("Enter")
    page.get_by_text("Appel terminé").wait_for()
    assert not page.locator("#lost").is_visible()


def test_a_call_that_broke_and_found_nobody_ends_with_the_number_and_the_15(chromium, practice):
    page = page_of(chromium())
    call(page, practice.url)
    page.get_by_label("Écrire plutôt que parler").fill("tombe en panne")
    page.keyboard.press("Enter")
    lost = page.locator("#lost")
    lost.get_by_role("link", name="le 15").wait_for()
    assert lost.get_by_role("link", name="01 99 00 47 12").is_visible()
    assert not page.get_by_text("Appel terminé").is_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_service_dies_in_a_call(chromium, practice, width):
    page = page_of(chromium(), width)
    call(page, practice.url)
    page.wait_for_timeout(1500)
    practice.kill()
    page.get_by_text("La communication semble coupée").wait_for(timeout=6000)
    lost = page.locator("#lost")
    assert lost.get_by_role("link", name="01 99 00 47 12").get_attribute("href") == "tel:0199004712"
    assert lost.get_by_role("link", name="le 15").get_attribute("href") == "tel:15"
    check(page, "patient-lost")


def test_the_service_is_dead_before_the_call(chromium, practice):
    page = page_of(chromium())
    page.goto(f"{practice.url}/appel/demo")
    practice.kill()
    page.get_by_role("button", name="Appeler le cabinet").click()
    page.locator("#lost").get_by_role("link", name="le 15").wait_for()
    assert page.get_by_role("button", name="Appeler le cabinet").is_visible()


def test_a_microphone_that_is_refused_leaves_writing(chromium, practice):
    page = page_of(chromium(grant=False))
    page.goto(f"{practice.url}/appel/demo")
    page.get_by_role("button", name="Appeler le cabinet").click()
    page.get_by_text("Le micro est refusé").wait_for()
    check(page, "patient-refused")
    call(page, practice.url, button="Je ne peux pas parler")
    page.keyboard.type("bonjour")
    page.keyboard.press("Enter")
    page.locator("p.caller", has_text="bonjour").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_ringing_call_is_seen_and_taken_with_the_keyboard(chromium, busy_practice, width):
    page = page_of(chromium(), width)
    page.goto(f"{busy_practice.url}/direct")
    check(page, "login")
    desk(page, busy_practice.url)
    page.get_by_text("Un appel attend une personne.").wait_for()
    assert page.title().startswith("(1) Appel")
    check(page, "desk")
    first = page.get_by_role("button", name="Prendre l’appel").first
    first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Vous parlez avec le patient.").wait_for()
    page.locator("#call-b2 .human").wait_for()
    assert not page.locator("#ringing").is_visible()
    check(page, "desk-talking")
    page.get_by_role("button", name="Raccrocher").click()
    assert not page.locator("#talking").is_visible()


def test_a_call_that_did_not_ring_is_taken_and_both_hear_each_other(chromium, practice, tone):
    patient = page_of(chromium(microphone=tone(700)))
    secretary = page_of(chromium(microphone=tone(1100)))
    desk(secretary, practice.url, "/direct?processing=off")
    call(patient, practice.url, path="/appel/demo?processing=off")
    assert hears(patient, HUM_HZ)
    secretary.get_by_role("button", name="Prendre l’appel").click()
    patient.get_by_text("Vous parlez à une personne du cabinet").wait_for()
    assert hears(secretary, 700)
    assert hears(patient, 1100)
    secretary.get_by_role("button", name="Raccrocher").click()
    patient.get_by_text("Appel terminé").wait_for()
    secretary.get_by_text("Aucun appel en cours").wait_for()


def test_two_people_want_the_same_call(chromium, busy_practice):
    pages = [page_of(chromium()) for _ in range(2)]
    for page in pages:
        desk(page, busy_practice.url)
    # Both press before either page has heard of the other.
    for page in pages:
        page.evaluate("document.querySelector('#take-b2').click()")
    # Whose offer is ready first is the browsers' affair; that one is refused is ours.
    settled = "Vous parlez avec le patient.|Cet appel est déjà pris par secretariat."
    for page in pages:
        page.get_by_text(re.compile(settled)).first.wait_for()
    talking = [page.get_by_text("Vous parlez avec le patient.").is_visible() for page in pages]
    assert sorted(talking) == [False, True]
    refused = pages[talking.index(False)]
    assert refused.get_by_text("Cet appel est déjà pris par secretariat.").is_visible()
    assert not refused.locator("#talking").is_visible()


def test_a_live_page_says_that_it_sees_nothing_any_more(chromium, busy_practice):
    page = page_of(chromium())
    desk(page, busy_practice.url)
    busy_practice.kill()
    page.get_by_text("Connexion au service perdue").wait_for()
    check(page, "desk-offline")


def test_tickets_and_consigne_from_the_page(chromium, busy_practice):
    page = page_of(chromium())
    desk(page, busy_practice.url)
    page.get_by_role("button", name="C’est fait : Renouvellement d’ordonnance").click()
    page.get_by_text("Traités récemment (1)").click()
    page.get_by_role("button", name="Rouvrir").click()
    page.get_by_role("button", name="C’est fait : Renouvellement d’ordonnance").wait_for()
    page.get_by_label("La phrase").fill("Le docteur Moreau a une heure de retard.")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Dite à chaque appel jusqu’à 19 h 00").wait_for()
    page.get_by_role("button", name="Retirer").click()
    page.get_by_text("Une phrase dite à chaque appel").wait_for()
    page.get_by_role("button", name="Jour suivant").click()
    page.get_by_text("mardi 24 novembre 2026").wait_for()
    assert page.faults == []
