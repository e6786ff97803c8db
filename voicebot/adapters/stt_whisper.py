"""Hearing with Whisper on a few CPU threads: short spectrograms, and gates against invented words.

Whisper is trained on 30 s windows and pads everything to them, which is where its time goes; CTranslate2
accepts any even number of frames, and zeros up to `max(10 s, duration + 2 s)` keep it from repeating itself
(WER 5.2 % against 4.9 % at 30 s, at a third of the time).

The practice's words go before the transcript as a sentence a caller might just have said, never as a bare
list: over 48 telephone-band utterances WER was 16.5 % without them, 15.3 % with a list (which turned "oui,
c'est ça" into "Wisesa"), 11.7 % with the sentence. What comes out unsure is read again without them, from the
same encoding. Strong accents lose on the short window: what the caller would have to repeat is heard once
more on the long one, when a thread is free (WER of the 18 hardest of those utterances: 45.9 → 41.5 %).
"""

import math
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

from voicebot.adapters.engine_pool import EnginePool
from voicebot.domain.effects import Expects
from voicebot.domain.french import names_day, phone, picks
from voicebot.errors import EngineFailed, FaultyModel
from voicebot.ports import Transcript

RATE = 16000
DEADLINE_S = 6.0
AGAIN_WITHIN_S = 2.5
"""For the second hearing of an unsure utterance; the caller waits meanwhile."""
HOP = 160
"""Samples between two frames of the spectrogram."""
FULL = 3000
"""Frames of Whisper's own window, 30 s."""
SHORTEST, MARGIN = 800, 200
"""Frames: no window below 8 s, and 2 s of silence after the last word. 16 callers at 8 kHz: 10 s and 8 s
both 11.3 % WER, 488 and 321 ms; 6 s 12.8 %."""
LONGEST_S = 28.0
TOKENS_PER_S, TOKENS_MORE = 8, 12
"""Fast French speech is about 6 tokens/s: more than this is repetition."""
NO_SPEECH, NO_SPEECH_PROMPTED = 0.4, 0.2
"""Non-speech scores above, without and with words before it. So do some short names and numbers, after
silence; unlike noise they are read with confidence."""
INVENTED, INVENTED_PROMPTED = -0.75, -0.6
"""Average log-probability: eleven sounds that are no speech stay below (-0.79 to -2.2), and of 184 utterances
those that score as non-speech lie above (-0.73 to -0.27, with a prompt -0.49 to -0.27)."""
SUBTITLES = ("sous-titr", "amara.org", "abonnez", "cette vidéo", "radio-canada")
"""Learnt by heart from films' credits, and said with confidence over any noise."""
YES_NO = "Oui, merci. Non, merci."
"""Before an answer to a closed question: "NONS !" becomes "Non.", and "je ne sais pas" stays what it is."""
WHEN = (
    "Le lundi 12 à 9 heures et quart, mercredi ou vendredi après-midi, "
    "ou le 16 août à midi et demi. Oui, merci."
)
"""Before an answer to "when?" that is unsure after the practice's words: of 110 short ones over a telephone
81 then are the wish that was said, 71 of them surely; read again after nothing, 66 and 54. Put first, it
costs the doctors' names. With ten hypotheses each, of which one names a day, of 90 answers of one to three
words (15, three synthetic voices, street 20 dB, 8 kHz) 81 are right and one is wrong; 38 and one after the
practice's words alone. Of 59 sentences without a day one was given one."""
AS_LIKELY = 0.2
"""What was surely heard gives way to a day only if that is as likely, by this much of its log-probability."""
SHORT_S = 3.0
"""An answer to "when?" no longer than this is looked through for a day: twice ten hypotheses of a long
sentence take 2.5 s of CPU."""
NAMES = "Claire Martin, Gérard Dupont, Nadia Ferreira, Stéphane Le Gall, Mamadou Touré, Odette Roussel."
"""Before a name: of 60 names not looked at before (20, three synthetic voices, street 20 dB, 8 kHz) 22 are
then understood, 30 wrongly and 8 not at all, and none is one of these; 18, 26 and 16 after the practice's
words. Ending in "Oui, merci." it gains nothing, and read again after nothing neither."""
CLOSING = "Oui, merci."
"""Ends the sentence of hotwords; without it short answers suffer."""
UNBIASED = frozenset({"birth_date", "phone"})
"""Digits are heard better with no word before them."""
COMPRESSION = 1.8
"""Text that compresses better than this repeats itself."""
UNCLEAR = -0.5
"""Average log-probability below which it is read again; what is left below it is asked again. Reading again
from -0.35 on took that time for one utterance in three, not in five, and gained nothing."""
BEAM = 3
"""184 utterances at 8 kHz, half of them over noise at 18 dB: WER 23.9, 22.1, 24.7 and 26.7 % with beams of
5, 3, 2 and 1, in 215, 196, 169 and 155 ms of CPU."""
HYPOTHESES = 10
"""Which of the times offered is chosen: the likeliest hypothesis that names one, read after a sentence that
names them all (`Wording.one_of`). Of 105 answers not looked at before (35, three synthetic voices, street
20 dB, 8 kHz) 74 were then understood and 9 wrongly, 55 and 7 after the practice's words alone; in 30 % less
CPU, for less is read again.
Where a telephone number is asked for: the likeliest that is one of ten figures in use. Of 40 numbers that
three synthetic voices dictated in a street (20 dB), over a telephone, 22 are then right and 13 wrong; the
likeliest of three alone gave 17 and 10. 223 ms of CPU, not 156. The read-back puts right what is wrong."""
PLAINLY = 0.8
"""Probability of another language from which it is the one spoken: of eight English utterances over a
telephone band all were above (0.87 to 1.00), of six French ones English had at most 0.08. One step of the
decoder over an encoding that is there anyway: 16 to 28 ms of CPU, only where a practice speaks two."""
NOTHING = Transcript("", speech=False, clear=False, confidence=0.0)

Samples = npt.NDArray[np.float32]
Wanted = Callable[[str], object]
"""Whether a hypothesis is what was asked for."""


@dataclass(frozen=True)
class Decoded:
    """What one reading gave. `logprob`: average a token; `no_speech`: probability, before any token."""

    text: str
    logprob: float
    no_speech: float
    prompted: bool = False

    @property
    def speech(self) -> bool:
        """Whether anybody spoke, as far as Whisper can be believed."""
        raw = self.text.encode()
        repeats = len(raw) / len(zlib.compress(raw)) > COMPRESSION
        silent = self.no_speech > (NO_SPEECH_PROMPTED if self.prompted else NO_SPEECH)
        invented = self.logprob < (INVENTED_PROMPTED if self.prompted else INVENTED)
        known = any(line in self.text.lower() for line in SUBTITLES)
        return bool(self.text) and not (silent and (invented or known)) and not repeats


UNREAD = Decoded("", -math.inf, 1.0)


class Whisper:
    """One model in memory. Its methods may be called from as many threads as it has workers."""

    def __init__(self, model: str, workers: int, download_root: Path | None = None) -> None:
        root = str(download_root) if download_root else None
        self._whisper = WhisperModel(
            model, device="auto", compute_type="int8", cpu_threads=1, num_workers=workers, download_root=root
        )
        self._tokenizer = self._tokenizer_of("fr")
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]))

    def _tokenizer_of(self, language: str) -> Tokenizer:
        multilingual = self._whisper.model.is_multilingual
        return Tokenizer(self._whisper.hf_tokenizer, multilingual, task="transcribe", language=language)

    def hear(
        self,
        samples: Samples,
        prompt: str,
        stop: Event,
        *,
        second: str = "",
        full: bool = False,
        languages: Sequence[str] = ("fr",),
        wanted: Wanted | None = None,
    ) -> Decoded:
        """Read after `prompt`, and again after `second` instead when that leaves it unsure; `full`: on 30 s.
        Both are French: of `languages` another one that is heard is read without them. `wanted`: see `read`.

        When `stop` is set nobody waits any more: what is begun is ended, nothing more is begun.
        """
        encoded = self.encode(samples, FULL if full else frames(samples))
        if stop.is_set():
            return UNREAD
        language = self.spoken(encoded, languages)
        if language != "fr":
            return self.read(encoded, len(samples), "", language)
        first = self.read(encoded, len(samples), prompt, wanted=wanted)
        found = wanted is not None and bool(wanted(first.text))
        sure = first.logprob >= UNCLEAR
        if (
            prompt == second
            or found
            or not first.speech
            or stop.is_set()
            or (sure and not (wanted and second))
        ):
            return first
        again = self.read(encoded, len(samples), second, wanted=wanted if second else None)
        if sure:
            as_likely = again.logprob >= first.logprob - AS_LIKELY
            return again if as_likely and wanted and wanted(again.text) else first
        if wanted and wanted(again.text):
            return again
        return max(first, again, key=lambda d: d.logprob) if again.speech else again

    def encode(self, samples: Samples, length: int) -> Any:
        """What the decoder reads, of `samples` (16 kHz, -1..1) padded to `length` frames."""
        padded = np.zeros(length * HOP, np.float32)
        padded[: len(samples)] = samples[: len(padded)]
        mel = self._whisper.feature_extractor(padded, padding=0)[:, :length]
        mel = np.pad(mel, ((0, 0), (0, length - mel.shape[1])), constant_values=mel.min())
        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(mel[None], np.float32))
        return self._whisper.model.encode(view)

    def spoken(self, encoded: Any, languages: Sequence[str]) -> str:
        """Which of the languages is spoken: the first, unless another one is plainly heard."""
        if len(languages) < 2:
            return languages[0]
        heard = {
            token.strip("<|>"): chance for token, chance in self._whisper.model.detect_language(encoded)[0]
        }
        return next((code for code in languages[1:] if heard.get(code, 0.0) >= PLAINLY), languages[0])

    def read(
        self,
        encoded: Any,
        samples: int,
        prompt: str,
        language: str = "fr",
        wanted: Wanted | None = None,
    ) -> Decoded:
        """One beam search over an encoding of that many samples, as if `prompt` had just been said: the
        likeliest hypothesis, or of several the likeliest that is `wanted`."""
        tokenizer = self._tokenizer if language == "fr" else self._tokenizer_of(language)
        before = self._whisper.get_prompt(tokenizer, [], without_timestamps=True, hotwords=prompt or None)
        best = self._whisper.model.generate(
            encoded,
            [before],
            beam_size=HYPOTHESES if wanted else BEAM,
            num_hypotheses=HYPOTHESES if wanted else 1,
            sampling_temperature=0,
            max_length=min(
                self._whisper.max_length, len(before) + samples * TOKENS_PER_S // RATE + TOKENS_MORE
            ),
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        found = []
        for sequence, score in zip(best.sequences_ids, best.scores, strict=True):
            tokens = [token for token in sequence if token < self._tokenizer.eot]
            # CTranslate2 divides by the length without the end token; Whisper's thresholds count it.
            found.append((self._tokenizer.decode(tokens).strip(), score * len(tokens) / (len(tokens) + 1)))
        text, logprob = likeliest(found, wanted)
        return Decoded(text, logprob, best.no_speech_prob, bool(prompt))


def likeliest(found: Sequence[tuple[str, float]], wanted: Wanted | None) -> tuple[str, float]:
    """Of (text, log-probability), likeliest first: the first that is wanted, else the first."""
    return next((one for one in found if wanted and wanted(one[0])), found[0])


def prompt_for(hotwords: str, expects: Expects | None) -> str:
    """What Whisper is made to believe was said just before."""
    if expects in ("yes_no", "read_back"):
        return YES_NO
    if expects == "name":
        return NAMES
    if expects in UNBIASED or not hotwords.strip():
        return ""
    return f"{hotwords.strip().rstrip('.,;')}. {CLOSING}"


def wanted_for(hotwords: str, expects: Expects | None) -> Wanted | None:
    """What of several hypotheses is looked for: a telephone number, a day, one of the times just offered."""
    if expects == "phone":
        return phone
    if expects == "wish":
        return names_day
    return partial(picks, offered=hotwords) if expects == "choice" else None


def frames(samples: Samples) -> int:
    """How many frames the short window needs; even, below 30 s unless the utterance needs all of it."""
    return min(FULL, max(SHORTEST, len(samples) // HOP + MARGIN)) // 2 * 2


def heard(audio: bytes) -> Samples:
    """The last 28 s of s16le mono as numbers in -1..1."""
    whole = np.frombuffer(audio[: len(audio) // 2 * 2], np.int16)[-int(LONGEST_S * RATE) :]
    return whole.astype(np.float32) / np.float32(32768)


class WhisperTranscriber:
    """The Transcriber port over one Whisper that all calls share."""

    def __init__(
        self,
        whisper: Whisper,
        workers: int,
        deadline_s: float = DEADLINE_S,
        again_within_s: float = AGAIN_WITHIN_S,
    ) -> None:
        self._whisper, self._pool = whisper, EnginePool("whisper", workers, deadline_s)
        self._again_within_s = again_within_s

    async def transcribe(
        self,
        audio: bytes,
        *,
        hotwords: str = "",
        expects: Expects | None = None,
        languages: Sequence[str] = ("fr",),
    ) -> Transcript:
        """See the port. Cancelled before a thread takes it, it costs nothing; later, half."""
        samples = heard(audio)
        if not samples.any():
            return NOTHING
        prompt, stop = prompt_for(hotwords, expects), Event()
        second = {"wish": WHEN, "name": NAMES}.get(expects or "", "")
        wanted = (
            wanted_for(hotwords, expects) if expects != "wish" or len(samples) <= SHORT_S * RATE else None
        )
        try:
            decoded = await self._hear(samples, prompt, second, stop, languages, wanted)
        finally:
            stop.set()
        clear = decoded.logprob >= UNCLEAR
        return Transcript(decoded.text, decoded.speech, clear, min(1.0, math.exp(decoded.logprob)))

    async def _hear(
        self,
        samples: Samples,
        prompt: str,
        second: str,
        stop: Event,
        languages: Sequence[str],
        wanted: Wanted | None,
    ) -> Decoded:
        hear = partial(
            self._whisper.hear, samples, prompt, stop, second=second, languages=languages, wanted=wanted
        )
        decoded = await self._pool.run(hear)
        told = wanted is not None and bool(wanted(decoded.text))
        unsure = decoded.speech and decoded.logprob < UNCLEAR and not told
        if unsure and frames(samples) < FULL and self._pool.spare:
            with suppress(EngineFailed):  # then the first hearing stands
                work = partial(hear, full=True)
                again = await self._pool.run(work, self._again_within_s)
                decoded = max(
                    decoded, again, key=lambda d: (d.speech, bool(wanted and wanted(d.text)), d.logprob)
                )
        return decoded

    def close(self) -> None:
        """Take no more audio."""
        self._pool.close()


def load(
    model: str,
    workers: int,
    download_root: Path | None = None,
    deadline_s: float = DEADLINE_S,
    again_within_s: float = AGAIN_WITHIN_S,
) -> WhisperTranscriber:
    """Load and warm a model: a folder, or a hub name kept in `download_root`. Blocks. Raises FaultyModel."""
    try:
        whisper = Whisper(model, workers, download_root)
        whisper.hear(np.zeros(RATE, np.float32), "", Event())
    except (OSError, RuntimeError, ValueError) as error:
        raise FaultyModel(f"Whisper cannot be loaded from {model!r}: {error}") from error
    return WhisperTranscriber(whisper, workers, deadline_s, again_within_s)
