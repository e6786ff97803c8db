import numpy as np
import pytest

from voicebot.adapters import phone_audio

RAMP = np.arange(-32768, 32768, dtype="<i2")


def tone(hertz, rate=8000, seconds=1.0, level=0.5):
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)).astype(np.float32)


def rms(sound):
    return float(np.sqrt((sound.astype(np.float64) ** 2).mean()))


def test_alaw_matches_the_table_of_g711():
    # ITU-T G.711 table 1a, decision and output values scaled to 16 bits; inverted even bits.
    known = {8: 0xD5, -8: 0x55, 24: 0xD4, 264: 0xC5, 528: 0xF5, 32256: 0xAA, -32256: 0x2A}
    for value, code in known.items():
        assert phone_audio.alaw_encoded(np.array([value], "<i2").tobytes()) == bytes([code]), value
        assert np.frombuffer(phone_audio.alaw_decoded(bytes([code])), "<i2")[0] == value


def test_every_code_survives_a_round_trip():
    every = bytes(range(256))
    assert phone_audio.alaw_encoded(phone_audio.alaw_decoded(every)) == every


def test_alaw_is_near_the_original_and_never_jumps_over_it():
    back = np.frombuffer(phone_audio.alaw_decoded(phone_audio.alaw_encoded(RAMP.tobytes())), "<i2").astype(
        int
    )
    assert np.all(np.diff(back) >= 0)
    assert np.all(np.abs(back - RAMP) <= np.maximum(16, np.abs(RAMP.astype(int)) / 30))


@pytest.mark.parametrize(("hertz", "passes"), [(100, False), (440, True), (3000, True), (3900, False)])
def test_a_telephone_lets_only_its_band_through(hertz, passes):
    heard = rms(phone_audio.over_telephone(tone(hertz, 16000), 16000, 16000)) / rms(tone(hertz, 16000))
    assert heard > 0.9 if passes else heard < 0.05


def test_length_is_kept_from_rate_to_rate():
    assert abs(len(phone_audio.over_telephone(tone(440, 24000), 24000, 16000)) - 16000) <= 2


def test_loud_sound_is_clipped_not_wrapped():
    assert np.frombuffer(phone_audio.pcm(np.array([2, -2], np.float32)), "<i2").tolist() == [32767, -32768]


def test_noise_is_as_far_below_the_voice_as_asked():
    voice, hiss = tone(440), np.random.default_rng(0).standard_normal(500).astype(np.float32)
    added = phone_audio.with_noise(voice, hiss, 15) - voice
    assert 20 * np.log10(rms(voice) / rms(added)) == pytest.approx(15, abs=0.3)


def test_silence_stays_silence():
    nothing = np.zeros(800, np.float32)
    assert rms(phone_audio.over_telephone(nothing, 8000, 8000)) < 1e-3
    assert not phone_audio.with_noise(nothing, nothing, 10).any()
