"""The real server over past calls, the rules they may teach, and a trial of them: a process, for browsers."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.app.on_show import NOW, PRACTICE, service
from tests.app.test_past_pages import CALLS, RULES, Recorded
from voicebot.adapters import rules_yaml
from voicebot.app.books import Books
from voicebot.app.feedback import Feedback
from voicebot.app.past_calls import PastCalls
from voicebot.app.rule_trial import RuleTrial
from voicebot.app.server import serving
from voicebot.ports import Transcript
from voicebot.settings import Settings


async def hears(pcm):
    """Whoever makes a sound says this."""
    loud = max(pcm) > 0
    return Transcript("j'ai mal à la poitrine", speech=loud, clear=loud, confidence=0.9)


async def main(port, folder):
    (folder / "general.yaml").write_text(RULES, encoding="utf8")
    books = Books({"demo": PRACTICE}, rules_yaml.load(folder), None)
    records = Recorded(dict(CALLS), objected={"c3"}, running={"d4"})
    past = PastCalls(records, lambda: books, lambda: NOW)
    trial = RuleTrial(books.rules_of, lambda text: False, hears)
    parts = service(past=past, feedback=Feedback(folder), trial=trial)
    async with serving(parts, Settings(port=port)) as url:
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as rules:
        asyncio.run(main(int(sys.argv[1]), Path(rules)))
