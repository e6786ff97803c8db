from voicebot.pipeline.latency import Latency


def test_a_service_nobody_has_called_yet_has_no_medians_but_tells_so():
    latency = Latency()
    assert latency.turns() == 0
    assert latency.medians() == {}


def test_medians_are_milliseconds_by_stage():
    latency = Latency()
    for seconds in (0.1, 0.2, 0.9):
        latency.add("end_to_packet", seconds)
    assert latency.medians() == {"end_to_packet": 200.0}
    assert latency.turns() == 3


def test_what_one_turn_in_twenty_exceeds_is_told_too():
    latency = Latency()
    for ms in range(1, 101):
        latency.add("audio", ms / 1000)
    assert latency.slow() == {"audio": 95.0}
