"""A real Chromium with a pretended microphone, and the service as a process of its own."""

import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
START_S = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def process(*command, env=None, start_s=START_S):
    """The command, once it has printed its address; killed at the end. Gives (process, url)."""
    running = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, bufsize=1
    )
    try:
        deadline = time.monotonic() + start_s
        for line in running.stdout:
            if found := re.search(r"https?://\S+", line):
                yield running, found[0].rstrip("/")
                return
            assert time.monotonic() < deadline, "the service did not start in time"
        pytest.fail("the service ended before it printed its address")
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


@pytest.fixture(scope="session")
def playwright():
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def chromium(playwright):
    """Launches browsers: `chromium(microphone=wav)`; without a WAV the microphone beeps."""
    running = []

    def launch(microphone=None, grant=True):
        flags = ["--no-sandbox", "--use-fake-device-for-media-stream"]
        flags += ["--use-fake-ui-for-media-stream"] if grant else ["--deny-permission-prompts"]
        flags += [f"--use-file-for-fake-audio-capture={microphone}"] if microphone else []
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        running.append(browser)
        return browser

    yield launch
    for browser in running:
        browser.close()


def page_of(browser, width=1280, height=900, **options):
    """A page whose errors fail the test that forgets to look at `page.faults`."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", bypass_csp=False, **options
    )
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "console",
        lambda message: "Content Security Policy" in message.text and page.faults.append(message.text),
    )
    return page


def violations(page):
    """What axe-core finds wrong, with the first element concerned."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf8")})
    found = session.send(
        "Runtime.evaluate", {"expression": "axe.run()", "awaitPromise": True, "returnByValue": True}
    )
    return [(v["id"], v["nodes"][0]["html"]) for v in found["result"]["value"]["violations"]]


def wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
