"""Past calls: what was said, what the rules make of it, and a sentence that becomes a rule's example."""

from collections.abc import Mapping
from typing import Any, Literal, cast

import aiohttp_jinja2
from aiohttp import web

from voicebot.app.feedback import LONGEST, NEAREST, Kind, nearest
from voicebot.app.pages import SERVICE
from voicebot.app.pages.desk import chosen, records
from voicebot.app.pages.login import SESSION
from voicebot.app.past_calls import Heard, PastCall
from voicebot.app.personal import personal
from voicebot.domain.practice import Practice
from voicebot.errors import Faulty, Unavailable

Opinion = Literal["urgent", "calme"]
KINDS: Mapping[str, Kind] = {"urgent": "examples", "calme": "counter_examples"}
GONE = "Cet appel n’est plus conservé, ou ses paroles ne doivent pas être lues."

routes = web.RouteTableDef()


@routes.get("/direct/passes")
async def page(request: web.Request) -> web.StreamResponse:
    """The calls that are over, newest first; `calls` None: the records do not answer."""
    service, practice = request.app[SERVICE], chosen(request)
    calls = await records(service.past.list(practice.id)) if service.past else []
    context = {
        "practice": practice,
        "calls": calls,
        "now": service.clock(),
        "unreviewed": service.unreviewed(practice.id),
    }
    return aiohttp_jinja2.render_template("past.html", request, context)


@routes.get("/direct/passes/{practice}/{call}")
async def call(request: web.Request) -> web.StreamResponse:
    """One of them, utterance by utterance."""
    service, practice = request.app[SERVICE], chosen(request)
    past = await found(request, practice)
    context = {
        "practice": practice,
        "session": request[SESSION],
        "call": past,
        "in_force": service.past.books().rules_of(practice.id).version if service.past else "",
        "unreviewed": service.unreviewed(practice.id),
        "now": service.clock(),
    }
    return aiohttp_jinja2.render_template("past_call.html", request, context)


@routes.get("/direct/passes/{practice}/{call}/{number:\\d+}/{opinion:urgent|calme}")
async def form(request: web.Request) -> web.StreamResponse:
    """The form that teaches a rule one utterance."""
    practice = chosen(request)
    past = await found(request, practice)
    said = utterance(request, past)
    return shown(request, practice, past, said, said.words)


@routes.post("/direct/passes/{practice}/{call}/{number:\\d+}/{opinion:urgent|calme}")
async def learn(request: web.Request) -> web.StreamResponse:
    """Write the sentence as it was corrected into the practice's layer; say what the rule makes of it."""
    service, practice = request.app[SERVICE], chosen(request)
    past = await found(request, practice)
    said, fields = utterance(request, past), await request.post()
    sentence, rule = " ".join(str(fields.get("sentence", "")).split()), str(fields.get("rule", ""))
    if service.feedback is None:
        raise web.HTTPNotFound
    wrong = ""
    if not sentence or len(sentence) > LONGEST:
        wrong = f"Écrivez une phrase, de {LONGEST} caractères au plus."
    elif not rule:
        wrong = "Choisissez la règle."
    elif personal(sentence, past.person) and not fields.get("sure"):
        wrong = "Cette phrase désigne peut-être quelqu’un : corrigez-la, ou cochez la case."
    if wrong:
        return shown(request, practice, past, said, sentence, rule=rule, wrong=wrong)
    kind, by = KINDS[request.match_info["opinion"]], request[SESSION].user
    try:
        now = service.clock().astimezone(practice.zone)
        learned = await service.feedback.learn(practice.id, rule, kind, sentence, by, now)
    except Faulty as fault:
        return shown(request, practice, past, said, sentence, rule=rule, wrong=str(fault))
    except Unavailable:
        wrong = "La phrase n’a pas pu être enregistrée dans le fichier du cabinet."
        return shown(request, practice, past, said, sentence, rule=rule, wrong=wrong)
    context = {"learned": learned, "sentence": sentence, "practice": practice}
    return aiohttp_jinja2.render_template("feedback_done.html", request, context)


async def found(request: web.Request, practice: Practice) -> PastCall:
    """The call asked for. Raises HTTPNotFound, HTTPServiceUnavailable."""
    service = request.app[SERVICE]
    if service.past is None:
        raise web.HTTPNotFound
    try:
        past = await service.past.call(practice.id, request.match_info["call"])
    except Unavailable:
        raise web.HTTPServiceUnavailable(
            text="Les appels passés ne sont pas accessibles pour le moment."
        ) from None
    if past is None:
        raise web.HTTPNotFound(text=GONE)
    return past


def utterance(request: web.Request, past: PastCall) -> Heard:
    """The one asked for. Raises HTTPNotFound."""
    number = int(request.match_info["number"])
    if not 1 <= number <= len(past.heard):
        raise web.HTTPNotFound(text=GONE)
    return past.heard[number - 1]


def shown(
    request: web.Request,
    practice: Practice,
    past: PastCall,
    said: Heard,
    sentence: str,
    *,
    rule: str = "",
    wrong: str = "",
) -> web.StreamResponse:
    """The form, with what may tell who somebody is, and the rules, the likely ones first."""
    opinion = cast(Opinion, request.match_info["opinion"])
    service = request.app[SERVICE]
    assert service.past is not None
    fired = said.decision.rule if said.decision else ""
    rules = nearest(service.past.books().rules_of(practice.id), sentence or said.words, (fired,))
    context: dict[str, Any] = {
        "practice": practice,
        "call": past,
        "said": said,
        "opinion": opinion,
        "sentence": sentence,
        "personal": personal(sentence, past.person),
        "near": rules[:NEAREST],
        "others": sorted(rules[NEAREST:], key=lambda each: (each.level, each.title)),
        "rule": rule or fired,
        "wrong": wrong,
        "longest": LONGEST,
    }
    return aiohttp_jinja2.render_template("feedback.html", request, context)
