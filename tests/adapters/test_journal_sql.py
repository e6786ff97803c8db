"""The record of a call: the same events come out as went in, on the practice's own clock."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from types import UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import KINDS, SqlJournal, from_json, localised, to_json
from voicebot.adapters.register_sql import Destroyed
from voicebot.adapters.sealing import sealer
from voicebot.domain.events import HungUp, PartlySaid, Said, Started

PARIS = ZoneInfo("Europe/Paris")

LEAVES = {
    # Hours that the clock skips exist in no journal; JSON holds no lone surrogates, nor does a decoder.
    datetime: st.datetimes(
        datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(PARIS), allow_imaginary=False
    ),
    date: st.dates(),
    time: st.times(),
    str: st.text(st.characters(exclude_categories=("Cs",))),
    float: st.floats(0, 1),
    int: st.integers(0, 999),
    bool: st.booleans(),
    type(None): st.none(),
}


def values(kind):
    """Any value of an annotation that events use."""
    if kind in LEAVES:
        return LEAVES[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{f.name: values(hints[f.name]) for f in fields(kind)})
    origin, of = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(of)
    if origin is tuple:
        return st.lists(values(of[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(values(of[0]), values(of[1]), max_size=3)
    assert origin in (Union, UnionType), kind
    return st.one_of(*map(values, of))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_kind_of_event_comes_back_equal(kind):
    @settings(max_examples=20, deadline=None)
    @given(values(kind))
    def comes_back(event):
        assert localised(from_json(type(event).__name__, to_json(event)), PARIS) == event

    comes_back()


async def test_words_are_not_readable_in_the_file_and_purge_leaves_none(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}"
    await migrate(url)
    database = Database(url)
    journal = SqlJournal(database, sealer(tmp_path / "key"), lambda _: PARIS)
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    events = [
        Started(at, "web", "+33612345678"),
        PartlySaid(at, "j'ai une douleur"),
        Said(at, "j'ai une douleur thoracique", 0.9, {"urgent": 0.8}),
        HungUp(at, "caller"),
    ]
    for position, event in enumerate(events):
        await journal.append("demo", "call", position, event)
    read = [event async for event in journal.read("demo", "call")]
    assert read == events
    assert read[0].at.tzinfo == PARIS
    everything = b"".join(path.read_bytes() for path in tmp_path.glob("voicebot.db*"))
    assert b"thoracique" not in everything
    assert b"612345678" not in everything
    assert await journal.purge(at) == Destroyed()
    assert (await journal.purge(datetime(2026, 12, 30, tzinfo=UTC))).count == 1
    assert [event async for event in journal.read("demo", "call")] == []
    await database.close()


def test_the_start_of_a_call_older_than_versions_of_rules_is_still_read():
    old = b'{"at":"2026-11-30T08:00:00+01:00","channel":"phone","number":"+33612345678","dialled":""}'
    assert from_json("Started", old) == Started(
        datetime(2026, 11, 30, 8, tzinfo=PARIS), "phone", "+33612345678", rules=""
    )
