import asyncio

from voicebot.app import prerender as module
from voicebot.app.prerender import prerender
from voicebot.errors import EngineFailed


class Shelf:
    def __init__(self, *ready, broken=()):
        self.clips, self.broken, self.made = set(ready), broken, []

    def kept(self, text):
        return text in self.clips

    async def warm(self, text):
        if text in self.broken:
            raise EngineFailed("broken")
        self.made.append(text)
        self.clips.add(text)


async def render(texts, shelf, idle=lambda: True):
    seen = []
    failed = await prerender(
        texts, shelf, idle=idle, progress=lambda ready, of: seen.append((ready, of)), recover_s=0
    )
    return failed, seen


async def test_only_what_is_missing_is_rendered_once_each():
    shelf = Shelf("Bonjour.")
    failed, seen = await render(["Bonjour.", "Oui.", "Non.", "Oui."], shelf)
    assert shelf.made == ["Oui.", "Non."]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert failed == ()


async def test_a_failure_is_logged_once_without_words_and_skipped(caplog):
    shelf = Shelf(broken=("Dupont", "Durand"))
    failed, seen = await render(["Dupont", "Durand", "Oui."], shelf)
    assert failed == ("Dupont", "Durand")
    assert shelf.made == ["Oui."]
    assert seen[-1] == (1, 3)
    assert len(caplog.records) == 1
    assert "Dupont" not in caplog.text


async def test_it_waits_while_calls_are_live(monkeypatch):
    monkeypatch.setattr(module, "CALM_CHECK_S", 0)
    shelf, calls = Shelf(), [True]
    task = asyncio.create_task(render(["Oui."], shelf, idle=lambda: not calls))
    await asyncio.sleep(0.05)
    assert shelf.made == []
    calls.clear()
    await task
    assert shelf.made == ["Oui."]


async def test_cancelled_and_started_again_it_goes_on_where_it_was():
    shelf = Shelf()
    started = asyncio.Event()

    async def hang(text):
        started.set()
        await asyncio.Event().wait()

    warm, shelf.warm = shelf.warm, lambda text: hang(text) if text == "Non." else warm(text)
    task = asyncio.create_task(render(["Oui.", "Non."], shelf))
    await started.wait()
    task.cancel()
    assert await asyncio.gather(task, return_exceptions=True) != [None]
    shelf.warm = warm
    await render(["Oui.", "Non."], shelf)
    assert shelf.made == ["Oui.", "Non."]
