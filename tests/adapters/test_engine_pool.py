import asyncio
import threading

import pytest

from voicebot.adapters.engine_pool import EnginePool
from voicebot.errors import EngineFailed


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_work_is_done_and_its_result_comes_back():
    assert await EnginePool("engine", 1, 5).run(lambda: 42) == 42


async def test_what_the_engine_raises_becomes_engine_failed():
    def broken():
        raise ZeroDivisionError("secret words of a patient")

    with pytest.raises(EngineFailed) as raised:
        await EnginePool("engine", 1, 5).run(broken)
    assert "patient" not in str(raised.value)


async def test_a_hanging_engine_costs_one_deadline_and_then_nothing(gate):
    pool = EnginePool("engine", 1, 0.02)
    with pytest.raises(EngineFailed, match=r"0\.02 s"):
        await pool.run(gate.wait)
    slow = EnginePool.run(pool, lambda: 42, within_s=3600)
    with pytest.raises(EngineFailed, match="every thread hangs"):
        await asyncio.wait_for(slow, 5)


async def test_an_engine_hangs_though_its_caller_left_before_the_deadline(gate):
    pool = EnginePool("engine", 1, 0.05)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await pool.run(gate.wait)
    await until(lambda: pool._overdue)
    with pytest.raises(EngineFailed, match="every thread hangs"):
        await asyncio.wait_for(pool.run(lambda: 42, within_s=3600), 5)


async def test_an_engine_that_comes_back_is_used_again(gate):
    pool = EnginePool("engine", 1, 0.02)
    with pytest.raises(EngineFailed):
        await pool.run(gate.wait)
    gate.set()
    await until(lambda: pool.spare)
    assert await pool.run(lambda: 42, within_s=5) == 42


async def test_one_hanging_thread_leaves_the_other_working(gate):
    pool = EnginePool("engine", 2, 5)
    with pytest.raises(EngineFailed):
        await pool.run(gate.wait, within_s=0.02)
    assert await pool.run(lambda: 42) == 42


async def test_work_whose_caller_left_before_it_began_is_never_done(gate):
    pool, done = EnginePool("engine", 1, 5), []
    first = asyncio.create_task(pool.run(gate.wait))
    await until(lambda: not pool.spare)
    stale = asyncio.create_task(pool.run(lambda: done.append("stale")))
    await asyncio.sleep(0)
    stale.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stale
    gate.set()
    await first
    await pool.run(lambda: done.append("fresh"))
    assert done == ["fresh"]


async def test_waiting_too_long_for_a_thread_is_a_failure_but_no_hang(gate):
    pool = EnginePool("engine", 1, 5)
    first = asyncio.create_task(pool.run(gate.wait))
    await until(lambda: not pool.spare)
    with pytest.raises(EngineFailed):
        await pool.run(lambda: 42, within_s=0.02)
    gate.set()
    await first
    assert await pool.run(lambda: 42) == 42
