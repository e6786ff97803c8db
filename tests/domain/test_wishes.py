"""What callers say about when, and the windows it means; the sayings are in tests/data/wishes.tsv."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.domain.french.dates import asap, birth_date, windows

PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = datetime(2026, 10, 7, 9, 30, tzinfo=PARIS)
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def sayings() -> list:
    return list(_read())


def _read():
    for line in (Path(__file__).parent.parent / "data/wishes.tsv").read_text(encoding="utf8").splitlines():
        if line and not line.startswith(("#", "expression\t")):
            said, days, times, *now = line.split("\t")
            at = datetime.fromisoformat(now[0]).replace(tzinfo=PARIS) if now and now[0] else WEDNESDAY
            yield pytest.param(said, days, times, at, id=said[:60])


def listed(days: str) -> set[date]:
    out = set()
    for part in days.split(","):
        first, _, last = part.partition("..")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        out |= {start + timedelta(days=i) for i in range((end - start).days + 1)}
    return out


def right_days(expected: str, got: set) -> bool:
    if expected == "*":
        return got == {None}
    if expected.startswith("*!"):
        refused = {WEEKDAYS.index(day) for day in expected[2:].split(",")}
        return None not in got and len(got) > 10 and not any(d.weekday() in refused for d in got)
    if "|" in expected:
        return got <= {date.fromisoformat(d) for d in expected.split("|")}
    wanted = listed(expected)
    # A wish holds 31 windows at most: of a longer stretch, the first ones.
    return got == wanted or (len(wanted) > 31 and got <= wanted)


def spans(times: str) -> set:
    def one(text):
        return None if text == "None" else time.fromisoformat(text)

    pairs = [(t.split("-") if "-" in t else [t, t]) for t in times.split(",")]
    return {(None, None)} if times == "any" else {(one(a), one(b)) for a, b in pairs}


@pytest.mark.parametrize(("said", "days", "times", "now"), sayings())
def test_a_caller_says_when(said, days, times, now):
    got = windows(said, now)
    if days == "ASAP":
        assert asap(said)
        assert got == ()
    elif days == "NONE":
        assert got == ()
    else:
        assert got
        assert right_days(days, {w.day for w in got}), got
        assert {(w.start, w.end) for w in got} == spans(times)


def own_sayings():
    for line in (Path(__file__).parent.parent / "data/dates_own.tsv").read_text(encoding="utf8").splitlines():
        if line and not line.startswith(("#", "expression\t")):
            said, days, times, now, _ = line.split("\t")
            at = datetime.fromisoformat(now).replace(tzinfo=PARIS) if now else WEDNESDAY
            yield pytest.param(said, days, times, at, id=said[:60])


def fits(days: str, got: set[date | None], said: str) -> bool:
    match days.partition(":")[0]:
        case "ASAP":
            return asap(said)
        case "NONE":
            return not got
    if days.startswith("*!d"):
        off = {date(2026, 10, int(d[1:])) for d in days[2:].split(",")}
        return None not in got and len(got) > 10 and not got & off
    return right_days(days, got)


@pytest.mark.parametrize(("said", "days", "times", "now"), list(own_sayings()))
def test_many_persons_say_when(said, days, times, now):
    found = windows(said, now)
    got = {w.day for w in found}
    readings = days.split(";")
    dated = [r for r in readings if r[0].isdigit()]
    both = len(dated) > 1 and got == set().union(*map(listed, dated))
    assert both or any(fits(r, got, said) for r in readings), found
    if found and days != "ASAP":
        assert {(w.start, w.end) for w in found} in [spans(t) for t in times.split(";") if t != "NONE"]


@pytest.mark.parametrize(
    ("said", "excluded"),
    [
        ("tous les jours sauf le jeudi matin", [(3, 9)]),
        ("n'importe quel jour hormis le mardi après-midi", [(1, 15)]),
        ("toute la semaine prochaine sauf mardi matin", [(1, 9)]),
        ("peu importe le jour sauf le mercredi après-midi", [(2, 15)]),
        ("n'importe quand sauf lundi et jeudi après-midi", [(3, 15)]),
    ],
)
def test_a_part_of_a_day_is_refused(said, excluded):
    got = windows(said, WEDNESDAY)
    for weekday, hour in excluded:
        of_it = [w for w in got if w.day and w.day.weekday() == weekday]
        assert of_it
        assert not any(w.admits(datetime.combine(w.day, time(hour), PARIS)) for w in of_it if w.day)
    assert len({w.day.weekday() for w in got if w.day}) > 4


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("jeudi, sinon lundi", ["2026-10-08", "2026-10-12"]),
        ("lundi, sinon jeudi", ["2026-10-12", "2026-10-08"]),
        ("lundi sinon samedi sinon jeudi", ["2026-10-12", "2026-10-10", "2026-10-08"]),
        ("plutôt vendredi en huit, à défaut jeudi", ["2026-10-16", "2026-10-08"]),
        ("mardi si vous avez, et si vous n'avez pas vendredi", ["2026-10-13", "2026-10-09"]),
        ("mercredi matin, à la limite l'après-midi", ["2026-10-14", "2026-10-14"]),
    ],
)
def test_the_preferred_comes_first(said, days):
    got = windows(said, WEDNESDAY)
    assert [w.day.isoformat() for w in got if w.day] == days
    assert [w.rank for w in got] == list(range(len(days)))


def test_a_choice_has_no_preference():
    assert {w.rank for w in windows("lundi ou jeudi", WEDNESDAY)} == {0}


def test_a_time_of_day_ends_the_last_day_only():
    got = windows("avant vendredi midi", WEDNESDAY)
    assert [(w.day.day, w.end) for w in got if w.day] == [(7, None), (8, None), (9, time(12))]
    got = windows("à partir de lundi quatorze heures", WEDNESDAY)
    assert (got[0].start, got[1].start) == (time(14), None)


def test_the_school_zone_decides_about_winter_holidays():
    in_c = {w.day for w in windows("pendant les vacances de février", WEDNESDAY, "C")}
    in_a = {w.day for w in windows("pendant les vacances de février", WEDNESDAY, "A")}
    assert in_c
    assert in_a
    assert in_c != in_a


@pytest.mark.parametrize(
    "said", ["c'est pas pressé", "je suis moins pressé", "plus tôt que prévu", "mardi", "pas tout de suite"]
)
def test_no_hurry(said):
    assert not asap(said)


def test_the_soonest_from_a_day_on_is_both():
    assert asap("le plus tôt possible mais pas avant lundi")
    assert windows("le plus tôt possible mais pas avant lundi", WEDNESDAY)[0].day == date(2026, 10, 12)


WORDS = st.sampled_from(
    """
    le la de du mardi jeudi 12 trente et un ou pas sauf avant après entre midi deux heures quart
    demie moins demain en huit quinze dans jours semaine prochaine mois fin début octobre mars
    vacances Noël rentrée premier dernier né 1972 06 h , . non plutôt que sinon tous les jours soir
    matin au à partir je ne peux rendez-vous mon depuis lendemain Pâques weekend 31 30 29 février 0
    00 24 99 1er 12/11 31/02 semaine du 53 minuit rentre
    """.split()
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1))


@settings(max_examples=120, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join), MOMENTS)
def test_no_wish_is_past_or_endless(said, now):
    got = windows(said, now)
    assert len(got) <= 31
    for w in got:
        assert w.day is None or w.day >= now.date()
        assert w.end is None or w.start is None or w.start <= w.end
        if w.day == now.date() and w.end is not None:
            assert w.end >= now.time()
    keys = [(w.rank, w.day or date.max, w.start or time(0)) for w in got]
    assert keys == sorted(keys)


POLITE = st.sampled_from(
    [
        "bonjour, ",
        "s'il vous plaît ",
        "euh ",
        "bonjour madame, je voudrais un rendez-vous ",
        "alors, ",
        "oui, ",
    ]
)
THANKS = st.sampled_from(["", " s'il vous plaît", ", merci", ", merci beaucoup madame", " si possible"])
SAID = st.sampled_from(
    """jeudi|mardi en huit à quinze heures|le 3 ou le 13|pas avant lundi|jeudi, sinon lundi|demain matin
    la semaine du 26|fin novembre|entre midi et deux|n'importe quel jour sauf le mercredi|dans quinze jours
    le premier lundi de janvier|après les vacances de la Toussaint|mardi, non, mercredi|à midi et demi
    vendredi prochain à dix heures moins le quart|d'ici la fin du mois|le 11 novembre|semaine 50""".replace(
        "\n    ", "|"
    ).split("|")
)


@settings(max_examples=120, deadline=None)
@given(POLITE, SAID, THANKS)
def test_politeness_changes_no_wish(before, said, after):
    assert windows(before + said + after, WEDNESDAY) == windows(said, WEDNESDAY)


NIGHTS = st.sampled_from(
    [datetime(2026, 10, 24), datetime(2026, 10, 25), datetime(2027, 3, 27), datetime(2027, 3, 28)]
)


@settings(max_examples=120, deadline=None)
@given(NIGHTS, st.integers(0, 1439), SAID)
def test_the_night_the_clocks_change_is_a_night(day, minute, said):
    now = (day + timedelta(minutes=minute)).replace(tzinfo=PARIS)
    got = windows(said, now)
    assert got
    assert all(w.day is None or w.day >= now.date() for w in got)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=14).map(" ".join), MOMENTS)
def test_no_window_is_empty(said, now):
    for w in windows(said, now):
        if w.start is not None and w.end is not None:
            inside = datetime.combine(w.day or now.date(), w.start)
            assert w.admits(inside)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=10).map(" ".join), MOMENTS, st.lists(MOMENTS, max_size=3))
def test_whatever_was_offered_nothing_is_past(said, now, offered):
    ahead = sorted(at for at in offered if at > now)
    got = windows(said, now, offered=ahead)
    assert len(got) <= 31
    assert all(w.day is None or w.day >= now.date() for w in got)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_survived(said):
    windows(said, WEDNESDAY)
    asap(said)
    birth_date(said, WEDNESDAY.date())


@pytest.mark.parametrize("word", ["mardi ", "d ", "le 12 , ", "à 10 h "])
def test_a_babble_of_five_thousand_words_is_survived(word):
    assert len(windows(word * 5000, WEDNESDAY)) <= 31


def test_twice_the_words_take_about_twice_the_time():
    tale = (
        "alors mardi je ne peux pas parce que ma fille a cours jusqu'à 17 heures et le docteur m'a dit avant "
    )

    def spent(times: int) -> float:
        began = process_time()
        windows(tale * times, WEDNESDAY)
        return process_time() - began

    spent(10)
    once, twice = min(spent(50) for _ in range(3)), min(spent(100) for _ in range(3))
    assert twice < 3.5 * once
    assert twice < 4  # two thousand words, on a slow machine
