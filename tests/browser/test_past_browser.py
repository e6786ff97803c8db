"""A past call is read again and teaches a rule: in Chromium, on a telephone too."""

import os
from pathlib import Path

import pytest

from tests.app.on_show import PASSWORD
from tests.browser.conftest import page_of, process, violations, wider_than_screen
from tests.ports import free_ports

pytestmark = pytest.mark.browser
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture
def practice():
    with process("-m", "tests.browser.past_on_show", str(free_ports(1)[0])) as running:
        yield running


def check(page, name):
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    assert violations(page) == []
    assert not wider_than_screen(page)
    assert page.faults == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_sentence_is_cleared_of_its_name_and_becomes_an_example(chromium, practice, width):
    page = page_of(chromium(), width)
    page.goto(practice.url + "/direct")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Appels passés").click()
    page.get_by_text("refuse la transcription").wait_for()
    check(page, "past")
    page.get_by_role("link", name="Relire").last.click()
    page.get_by_role("button", name="C’était urgent : phrase 1").click()
    sentence = page.get_by_label("La phrase, à corriger")
    sentence.wait_for()
    check(page, "feedback")
    page.get_by_label("La règle").select_option(label="Douleur dans la poitrine")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("désigne peut-être quelqu’un").wait_for()
    sentence.fill("j'ai très mal à la poitrine")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("est un exemple de « Douleur dans la poitrine »").wait_for()
    check(page, "learned")


@pytest.mark.parametrize("width", [360, 1280])
def test_a_doctor_types_a_sentence_and_then_says_one(chromium, practice, width):
    page = page_of(chromium(), width)
    page.goto(practice.url + "/direct")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Essayer une règle").click()
    sentences = page.get_by_label("Une phrase par ligne")
    sentences.fill("je n'ai plus mal à la poitrine")
    page.get_by_role("button", name="Essayer").click()
    page.get_by_text("c’est nié").wait_for()
    check(page, "trial")
    sentences.fill("")
    page.get_by_role("button", name="Dicter").click()
    page.wait_for_timeout(1500)  # the pretended microphone beeps once a second
    page.get_by_role("button", name="Terminer").click()
    page.get_by_text("le service agit tout de suite").wait_for()
    assert sentences.input_value() == "j'ai mal à la poitrine"
    check(page, "dictated")
