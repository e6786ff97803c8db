"""When a language model is left alone, and when it is tried again."""

import pytest

from voicebot.adapters.llm_breaker import FAILURES, REST_S, Breaker


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def broken():
    clock = Seconds()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.admits()
        breaker.settle("slow")
    return breaker, clock


@pytest.mark.parametrize("outcome", ["slow", "failed", "invalid"])
def test_it_opens_after_failures_in_a_row(outcome):
    breaker = Breaker(Seconds())
    for _ in range(FAILURES - 1):
        assert breaker.admits()
        breaker.settle(outcome)
    assert breaker.state == "closed"
    assert breaker.admits()
    breaker.settle(outcome)
    assert (breaker.state, breaker.admits()) == ("open", False)


@pytest.mark.parametrize("outcome", ["answered", "absurd"])
def test_an_answer_in_between_starts_the_count_anew(outcome):
    breaker = Breaker(Seconds())
    for each in ["failed"] * (FAILURES - 1) + [outcome] + ["failed"] * (FAILURES - 1):
        assert breaker.admits()
        breaker.settle(each)
    assert breaker.state == "closed"


def test_who_hung_up_tells_nothing_of_the_model():
    breaker = Breaker(Seconds())
    for each in (["failed"] * (FAILURES - 1)) + ["dropped"] * 10:
        assert breaker.admits()
        breaker.settle(each)
    assert breaker.state == "closed"
    assert breaker.admits()
    breaker.settle("failed")
    assert breaker.state == "open"


def test_after_a_rest_one_tries_and_the_others_wait():
    breaker, clock = broken()
    clock.now = REST_S - 0.1
    assert not breaker.admits()
    clock.now = REST_S
    assert breaker.admits()
    assert (breaker.state, breaker.admits()) == ("trying", False)
    breaker.settle("answered")
    assert (breaker.state, breaker.admits()) == ("closed", True)


def test_a_try_that_fails_rests_as_long_again():
    breaker, clock = broken()
    clock.now = REST_S
    assert breaker.admits()
    breaker.settle("failed")
    clock.now = 2 * REST_S - 0.1
    assert not breaker.admits()
    clock.now = 2 * REST_S
    assert breaker.admits()


def test_a_try_nobody_waited_for_is_tried_again_at_once():
    breaker, clock = broken()
    clock.now = REST_S
    assert breaker.admits()
    breaker.settle("dropped")
    assert breaker.admits()


def test_a_request_from_before_that_comes_late_does_not_undo_a_try():
    """Its answer shows that the model works; its failure rests on from then."""
    breaker, clock = broken()
    clock.now = REST_S + 5
    breaker.settle("failed")
    assert not breaker.admits()
    breaker.settle("answered")
    assert breaker.admits()


def test_figures_are_counts():
    breaker, _ = broken()
    breaker.admits()
    assert breaker.figures() == {"breaker": "open", "asked": FAILURES, "slow": FAILURES, "skipped": 1}
