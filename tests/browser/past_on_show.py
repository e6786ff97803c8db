"""The real server over past calls and the rules they may teach: a process, for browsers."""

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
from voicebot.app.server import serving
from voicebot.settings import Settings


async def main(port, folder):
    (folder / "general.yaml").write_text(RULES, encoding="utf8")
    books = Books({"demo": PRACTICE}, rules_yaml.load(folder), None)
    records = Recorded(dict(CALLS), objected={"c3"}, running={"d4"})
    past = PastCalls(records, lambda: books, lambda: NOW)
    async with serving(service(past=past, feedback=Feedback(folder)), Settings(port=port)) as url:
        print(url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as rules:
        asyncio.run(main(int(sys.argv[1]), Path(rules)))
