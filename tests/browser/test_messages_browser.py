"""A message is listened to on the live page, and the register is read: in Chromium, on a telephone too."""

import os
from pathlib import Path

import pytest

from tests.app.on_show import PASSWORD
from tests.browser.conftest import page_of, process, violations, wider_than_screen
from tests.browser.messages_on_show import SECONDS, TROUBLE
from tests.ports import free_ports

pytestmark = pytest.mark.browser
ENDED = """audio => audio.ended || new Promise(done => {
    audio.onended = () => done(true);
    audio.onpause = () => audio.ended || done(false);
    setTimeout(() => done(false), 15000);
})"""
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture
def practice():
    with process("-m", "tests.browser.messages_on_show", str(free_ports(1)[0])) as running:
        yield running


def check(page, name):
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{page.viewport_size['width']}.png", full_page=True)
    assert violations(page) == []
    assert not wider_than_screen(page)
    assert page.faults == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_message_is_heard_to_its_end_while_the_list_changes(chromium, practice, width):
    page = page_of(chromium(), width)
    page.goto(practice.url + "/direct")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_text(TROUBLE).wait_for()
    check(page, "tickets-message")
    page.get_by_role("button", name="Écouter : Message vocal").click()
    sound = page.locator("audio[controls]")
    sound.wait_for()
    check(page, "message")
    page.get_by_role("button", name="C’est fait : Renouvellement d’ordonnance").click()
    page.get_by_text("Traités récemment (1)").wait_for()
    assert sound.evaluate(ENDED)
    assert round(sound.evaluate("audio => audio.duration"), 1) == SECONDS
    page.get_by_role("link", name="Registre des destructions").click()
    page.get_by_text("La chaîne est intacte").wait_for()
    check(page, "register")
    assert page.get_by_role("row").count() == 4
