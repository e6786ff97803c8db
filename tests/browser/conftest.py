"""A real Chromium with a pretended microphone, and the service as a process of its own."""

import io
import re
import subprocess
import sys
import threading
import time
import wave
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
START_S = 60


@dataclass
class Running:
    """A process and what it has printed."""

    process: subprocess.Popen
    lines: list[str] = field(default_factory=list)

    def read(self):
        self.lines.extend(self.process.stdout)

    def found(self, pattern):
        return re.search(pattern, "".join(tuple(self.lines)))

    @property
    def url(self):
        return self.found(r"(https?://[\w.:]+)")[1]

    def kill(self):
        self.process.kill()


@contextmanager
def process(*command, ready=r"https?://", env=None, start_s=START_S):
    """The command, once it has printed what says that it is ready; killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-u", *command],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    running = Running(process)
    reader = threading.Thread(target=running.read)
    reader.start()
    try:
        deadline = time.monotonic() + start_s
        while not running.found(ready):
            assert process.poll() is None, "".join(running.lines)
            assert time.monotonic() < deadline, f"not ready in {start_s} s: {''.join(running.lines)}"
            time.sleep(0.1)
        yield running
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


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


def wav(pcm, rate):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, rate, 0, "NONE", ""))
        out.writeframes(pcm)
    return file.getvalue()


@pytest.fixture
def tone(tmp_path):
    """A microphone in which a tone of so many hertz sounds without end."""

    def make(hertz):
        t = np.arange(48000 * 10) / 48000
        path = tmp_path / f"{hertz}.wav"
        path.write_bytes(wav((np.sin(2 * np.pi * hertz * t) * 12000).astype("<i2").tobytes(), 48000))
        return path

    return make


HEARS = """async ([hertz, seconds]) => {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 8192 });
  context.createMediaStreamSource(document.getElementById("voice").srcObject).connect(analyser);
  const levels = new Float32Array(analyser.frequencyBinCount);
  let loudest = 0;
  for (let left = seconds * 5; left > 0 && Math.abs(loudest - hertz) > 15; left--) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    analyser.getFloatFrequencyData(levels);
    const top = levels.indexOf(Math.max(...levels));
    loudest = levels[top] > -60 ? (top * context.sampleRate) / analyser.fftSize : 0;
  }
  await context.close();
  return Math.abs(loudest - hertz) <= 15;
}"""


def hears(page, hertz, within_s=20):
    """That tone plays on the page, louder than anything else."""
    return page.evaluate(HEARS, [hertz, within_s])
