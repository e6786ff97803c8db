"""English, as the dialogue needs it."""

from functools import partial

from voicebot.domain.english.answers import answer, asap, choice
from voicebot.domain.english.births import birth_date
from voicebot.domain.english.cues import CUES
from voicebot.domain.english.dates import windows
from voicebot.domain.english.dictation import incomplete
from voicebot.domain.english.names import person_name, spelled
from voicebot.domain.english.numbers import phone
from voicebot.domain.english.talk import HINT, TALK
from voicebot.domain.english.wording import WORDING, spoken
from voicebot.domain.language import Language, Values
from voicebot.domain.understanding.cues import weigh

ENGLISH = Language(
    code="en",
    values=Values(
        windows=windows,
        asap=asap,
        birth_date=birth_date,
        phone=phone,
        person_name=person_name,
        spelled=spelled,
        choice=choice,
        answer=answer,
        incomplete=incomplete,  # type: ignore[arg-type]  # narrower: one of Expects
        weigh=partial(weigh, cues=CUES),
        spoken=spoken,
    ),
    talk=TALK,
    wording=WORDING,
    hint=HINT,
)
