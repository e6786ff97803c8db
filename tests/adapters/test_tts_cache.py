import asyncio

import pytest

from voicebot.adapters.tts_cache import CachedSynthesizer
from voicebot.errors import EngineFailed


class Voice:
    """Speaks when it is let; counts what it was asked."""

    rate = 24000

    def __init__(self, *, slow=()):
        self.asked, self.stopped = [], []
        self.gates = {text: asyncio.Event() for text in slow}
        self.broken = False

    async def synthesize(self, text):
        self.asked.append(text)
        if self.broken:
            raise EngineFailed("broken")
        try:
            if gate := self.gates.get(text):
                await gate.wait()
        except asyncio.CancelledError:
            self.stopped.append(text)
            raise
        return text.encode() * 2


def over(voice, folder, identity="siwis 1.0 model"):
    return CachedSynthesizer(voice, folder, identity)


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_text_is_spoken_once_and_then_read_from_disk(tmp_path):
    voice = Voice()
    assert await over(voice, tmp_path).synthesize("Bonjour.") == b"Bonjour.Bonjour."
    later = over(voice, tmp_path)
    assert later.cached("Bonjour.") == await later.synthesize("Bonjour.") == b"Bonjour.Bonjour."
    assert voice.asked == ["Bonjour."]


async def test_what_was_never_said_is_not_in_the_cache(tmp_path):
    assert over(Voice(), tmp_path).cached("Bonjour.") is None


async def test_another_voice_never_plays_these_clips(tmp_path):
    await over(Voice(), tmp_path).synthesize("Oui.")
    assert over(Voice(), tmp_path, "alex 1.0 model").cached("Oui.") is None


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-1], lambda b: b[:-1] + b"\xff", lambda b: b"", lambda b: b[:30]]
)
async def test_a_damaged_clip_is_made_again(tmp_path, damage):
    voice = Voice()
    first = over(voice, tmp_path)
    await first.synthesize("Oui.")
    path = first.path("Oui.")
    path.write_bytes(damage(path.read_bytes()))
    again = over(voice, tmp_path)
    assert again.cached("Oui.") is None
    assert not again.kept("Oui.")
    assert await again.synthesize("Oui.") == b"Oui.Oui."
    assert over(voice, tmp_path).cached("Oui.") == b"Oui.Oui."


async def test_two_callers_of_one_text_share_its_synthesis(tmp_path):
    voice = Voice(slow=["Oui."])
    cache = over(voice, tmp_path)
    both = asyncio.gather(cache.synthesize("Oui."), cache.synthesize("Oui."))
    await settle()
    voice.gates["Oui."].set()
    assert await both == [b"Oui.Oui."] * 2
    assert voice.asked == ["Oui."]


async def test_one_caller_leaving_does_not_silence_the_other(tmp_path):
    voice = Voice(slow=["Oui."])
    cache = over(voice, tmp_path)
    stays, leaves = (asyncio.create_task(cache.synthesize("Oui.")) for _ in range(2))
    await settle()
    leaves.cancel()
    await settle()
    voice.gates["Oui."].set()
    assert await stays == b"Oui.Oui."


async def test_a_synthesis_everybody_left_is_stopped(tmp_path):
    voice = Voice(slow=["Oui."])
    cache = over(voice, tmp_path)
    task = asyncio.create_task(cache.synthesize("Oui."))
    await settle()
    task.cancel()
    await settle()
    assert voice.stopped == ["Oui."]
    voice.gates["Oui."].set()
    assert await cache.synthesize("Oui.") == b"Oui.Oui."


async def test_a_wanted_text_overtakes_a_warm_up_which_then_goes_on(tmp_path):
    voice = Voice(slow=["plus tard"])
    cache = over(voice, tmp_path)
    warming = asyncio.create_task(cache.warm("plus tard"))
    await settle()
    assert await cache.synthesize("maintenant") == b"maintenant" * 2
    assert voice.stopped == ["plus tard"]
    voice.gates["plus tard"].set()
    await warming
    assert cache.cached("plus tard") == b"plus tard" * 2
    assert voice.asked == ["plus tard", "maintenant", "plus tard"]


async def test_wanting_the_text_that_is_being_warmed_up_does_not_restart_it(tmp_path):
    voice = Voice(slow=["Oui."])
    cache = over(voice, tmp_path)
    warming = asyncio.create_task(cache.warm("Oui."))
    await settle()
    wanting = asyncio.create_task(cache.synthesize("Oui."))
    await settle()
    voice.gates["Oui."].set()
    assert await wanting == b"Oui.Oui."
    await warming
    assert voice.asked == ["Oui."]


async def test_warm_ups_wait_while_a_text_is_wanted(tmp_path):
    voice = Voice(slow=["maintenant"])
    cache = over(voice, tmp_path)
    wanting = asyncio.create_task(cache.synthesize("maintenant"))
    await settle()
    warming = asyncio.create_task(cache.warm("plus tard"))
    await settle()
    assert voice.asked == ["maintenant"]
    voice.gates["maintenant"].set()
    await asyncio.gather(wanting, warming)
    assert voice.asked == ["maintenant", "plus tard"]


async def test_an_abandoned_warm_up_is_stopped(tmp_path):
    voice = Voice(slow=["Oui."])
    task = asyncio.create_task(over(voice, tmp_path).warm("Oui."))
    await settle()
    task.cancel()
    await settle()
    assert voice.stopped == ["Oui."]


async def test_a_failing_engine_is_told_to_the_caller_and_asked_again_next_time(tmp_path):
    voice = Voice()
    cache = over(voice, tmp_path)
    voice.broken = True
    with pytest.raises(EngineFailed):
        await cache.synthesize("Oui.")
    with pytest.raises(EngineFailed):
        await cache.warm("Oui.")
    voice.broken = False
    assert await cache.synthesize("Oui.") == b"Oui.Oui."


async def test_a_folder_that_cannot_be_written_costs_no_words(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    cache = over(Voice(), blocked / "clips")
    assert await cache.synthesize("Oui.") == b"Oui.Oui."
    assert cache.cached("Oui.") == b"Oui.Oui."
