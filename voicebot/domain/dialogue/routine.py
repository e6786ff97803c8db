"""Everybody's question: once, early, whether it is urgent.

It ends the greeting, "Est-ce urgent ? Sinon, que puis-je faire pour vous ?": two seconds, and no turn, since
people answer with what they want. Who began to speak before it was heard out is asked it alone, before their
wish is served. People open a call with "oui, bonjour": that is no answer.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from voicebot.domain.call import Evidence, Reading, Verdict
from voicebot.domain.dialogue.state import Outcome, State, ask
from voicebot.domain.dialogue.urgency import SOUNDS_URGENT, act, doubt
from voicebot.domain.events import Said
from voicebot.domain.french import fold

FIRST = "ask_first"
"""The phrase that ends the greeting."""
_GREETING = r"(?:bonjour|bonsoir|allo|madame|monsieur|docteur|mademoiselle)"
_FILLER = r"(?:euh|heu|ben|bah|ah|oh|alors|bon|eh|hein|mais|donc)"
_NOT_URGENT = re.compile(
    r"\b(?:pas|rien|plus|sans|aucune?|ni|non)"
    r"(?: (?:vraiment|tres|trop|si|forcement|du tout|d|de|une?|l|bien|super|specialement|hyper))*"
    r" (?:urgen\w+|presse\w*|grave)\b"
    r"|(?<!ne )(?<!n )\b(?:peut|peux) (?:bien |tout a fait |largement )?attendre\b"
    r"|\bpas le feu\b|\bpas pour aujourd hui\b|\brien de special\b|\bje (?:ne )?(?:pense|crois) pas\b"
    r"|^(?:pas|rien) (?:vraiment|trop|tellement|specialement|particulierement|du tout)\b"
)
_NO = re.compile(
    rf"^(?:{_FILLER} |{_GREETING} |oui )*(?:non|nan)"
    rf"(?: (?:non|nan|merci|{_GREETING}|pas du tout|pas vraiment|pas specialement|ca va))*(?: |$)"
)
_YES_WORDS = frozenset(
    "oui ouais ouai ui si tout a fait absolument exactement effectivement en effet voila assez plutot un peu "
    "tres bien sur certainement je pense crois que ca l est c peut etre sais ne pas trop moyennement quand "
    "meme vraiment pour aujourd hui maintenant de suite ce matin soir s il vous plait svp madame monsieur "
    "euh heu ben bah ah oh alors bon eh hein mais donc".split()
)
_YES = re.compile(
    r"\b(?:oui|ouais|ouai|ui|si|tout a fait|absolument|exactement|effectivement|en effet|assez|plutot|un peu"
    r"|je (?:pense|crois)|peut etre|sais pas|sais pas trop|moyennement|certainement)\b"
)
_COMPLAINT = re.compile(
    r"^(?!.*\b(?:rendez vous|rdv|ordonnance|certificat|resultats?|vaccin)\b)"
    rf"(?:{_FILLER} )*(?:oui|ouais)(?: oui| {_FILLER}| parce que| car)* "
    r"(?:j ai (?!besoin|un rendez|rendez|une question|appele|rappele|recu|oublie|perdu|pris|eu un appel)"
    r"|je (?:me sens|n arrive|saigne|tousse|vomis|souffre|suis (?:malade|tombee?|enceinte))"
    r"|(?:mon|ma|mes|notre) \w+(?: \w+)? (?:a|ont|est|n|ne|s|se|va|vomit|tousse|saigne|pleure|souffre)\b"
    r"|(?:il|elle|on) (?:a|n|ne|s|se|va|vomit|tousse|saigne|pleure|souffre)\b"
    r"|ca (?:va (?:pas|mal)|fait|me|saigne|gonfle|brule)\b)"
)


@dataclass(frozen=True)
class Reply:
    """What an utterance says to the question; `rest` is what else it says, as it was written."""

    urgent: Literal["yes", "no", "perhaps"] | None
    rest: str


def reply(text: str) -> Reply:
    """None: the question was passed over for what the caller wants. "perhaps": a complaint after a "oui"."""
    line = fold(text)
    if no := _NO.match(line):
        return Reply("no", _beside(_after(text, no[0])))
    if _NOT_URGENT.search(line):
        return Reply("no", _beside(text))
    words = line.split()
    if _YES.search(line) and all(word in _YES_WORDS for word in words):
        return Reply("yes", "")
    return Reply("perhaps" if _COMPLAINT.match(line) else None, text)


def heard_out(state: State) -> State:
    """Our voice has ended, and nobody spoke over it: if it was the greeting, everybody's question was put."""
    asked = state.question is not None and state.question.phrase == FIRST
    put = state.routine == "owed" and asked and not state.listening
    return replace(state, routine="put") if put else state


def to_greeting(state: State, said: Said) -> Outcome | Said:
    """The first answer: a question that goes on, or what is to be understood of it, without its "non"."""
    heard = reply(said.text)
    state = replace(state, routine="settled")
    if heard.urgent == "yes":
        return what(state, said)
    if heard.urgent == "perhaps":
        return doubt(state, said) or said
    if heard.urgent == "no" and not heard.rest:
        return ask(state, "open", "ask_open_calm")
    return replace(said, text=heard.rest) if heard.urgent == "no" else said


def what(state: State, said: Said) -> Outcome:
    """They only said yes: what it is, for the rules to hear. Silence counts as yes."""
    evidence = Evidence(SOUNDS_URGENT, "urgent", "uncertain", said.text)
    return ask(replace(state, verdict=Verdict("urgent", "ask", (evidence,))), "what")


def told(state: State, said: Said) -> Outcome | Said:
    """What it is, no rule firing: one closed question, unless they take their yes back."""
    heard = reply(said.text)
    if heard.urgent == "no":
        state = replace(state, verdict=Verdict(), asked="open")
        return replace(said, text=heard.rest) if heard.rest else ask(state, "open", "ask_open_calm")
    return doubt(state, said) or said


def alone(state: State, said: Said, reading: Reading) -> Outcome | None:
    """The question by itself, before the first wish of who spoke over the greeting; None: not now."""
    wish = reading.category not in (None, "urgent") and reading.kind not in ("human", "information")
    if state.routine != "owed" or state.level or not wish or reply(said.text).urgent == "no":
        return None
    return ask(replace(state, routine="settled", parked=said), "routine")


def to_question(state: State, said: Said) -> Outcome | Said:
    """The answer to the question put by itself; the wish it came before is not lost, nor what is added."""
    heard, parked = reply(said.text), state.parked
    assert parked is not None
    if heard.urgent == "yes":
        evidence = Evidence(SOUNDS_URGENT, "urgent", "present", parked.text)
        return act(state, Verdict("urgent", "act", (evidence,)), said.at)
    wish = f"{parked.text}, {heard.rest}" if heard.rest else parked.text
    return replace(parked, at=said.at, text=wish)


def _after(text: str, folded: str) -> str:
    """The text without as many words as were folded at its beginning."""
    gone = len(folded.split())
    rest = text
    while gone and rest:
        word = re.match(r"\W*\w+", rest)
        if word is None:
            return ""
        gone -= len(fold(word[0]).split())
        rest = rest[word.end() :]
    return rest.strip(" ,.;:!?…'’-")


def _beside(text: str) -> str:
    """The clauses that say something else than that it is not urgent."""
    if not _NOT_URGENT.search(fold(text)):
        return text
    clauses = re.split(
        r"[,.;:!?…]+| (?=(?:mais |c['’]est (?:juste )?pour |je (?:voudrais|souhaite) |j['’]appelle ))",
        text,
    )
    kept = [c.strip() for c in clauses if c.strip() and not _NOT_URGENT.search(fold(c))]
    kept = [c for c in kept if not re.fullmatch(rf"(?:{_FILLER}|{_GREETING}|oui| )+", fold(c))]
    return ", ".join(kept) if kept or len(fold(text).split()) <= 8 else text
