"""A Reasoner behind any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp.

Whatever goes wrong is no opinion, counted: nobody who calls notices more than the deadline.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx2
from openai import (
    APIStatusError,
    AsyncOpenAI,
    BadRequestError,
    DefaultAsyncHttpx2Client,
    OpenAIError,
    UnprocessableEntityError,
)
from pydantic import BaseModel, ValidationError

from voicebot.adapters.llm_answer import NAME, Invalid, parsed, schema
from voicebot.adapters.llm_breaker import Breaker, Outcome
from voicebot.adapters.llm_masking import masked
from voicebot.adapters.llm_prompt import instructions, question
from voicebot.domain.call import Opinion
from voicebot.domain.understanding.opinion import absurd
from voicebot.domain.understanding.reading import Context
from voicebot.errors import Faulty, Unavailable
from voicebot.settings import Settings

LONGEST_DEADLINE_S = 3.0
"""Nobody who asked something waits longer in silence."""
FIRST_ANSWER_S = 60.0
"""A server that was idle loads its model first."""
MOST_BYTES = 64 * 1024
"""A hundred times an answer."""
MOST_TOKENS = 400
INVENTED = "bonjour je voudrais voir le médecin jeudi matin pour un vaccin"
"""What the model is tried with: nobody's words."""
Form = Literal["schema", "plain schema", "object", "free"]
FORMS: tuple[Form, ...] = ("schema", "plain schema", "object", "free")
"""How an answer is asked for, the strictest first. OpenAI's thinking models refuse a temperature, older
servers a schema, the oldest any form."""


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]


class OpenAiReasoner:
    """`ports.Reasoner`. One for the process; calls share its connections and its breaker."""

    def __init__(
        self,
        client: AsyncOpenAI,
        model: str,
        told: str,
        deadline_s: float,
        *,
        masks: bool,
        breaker: Breaker | None = None,
    ) -> None:
        """`told`: the instructions. `masks`: names and numbers are not sent."""
        self.deadline_s = deadline_s
        self._client, self._model, self._told, self._masks = client, model, told, masks
        self._breaker = breaker or Breaker()
        self._form: Form | None = None

    async def opinion(self, text: str, context: Context) -> Opinion | None:
        """See Reasoner. A level survives values that are absurd: it only asks a question."""
        if not self._breaker.admits():
            return None
        outcome: Outcome = "failed"
        try:
            async with asyncio.timeout(self.deadline_s):
                found = await self._read(text, context)
            outcome = "absurd" if absurd(found, text, context) else "answered"
        except asyncio.CancelledError:
            outcome = "dropped"
            raise
        except TimeoutError:
            outcome = "slow"
            return None
        except (OpenAIError, httpx2.HTTPError, httpx2.StreamError, OSError):
            return None
        except Invalid:
            outcome = "invalid"
            return None
        finally:
            self._breaker.settle(outcome)
        if outcome == "absurd":
            return Opinion(level=found.level) if found.level else None
        return found

    async def probe(self, context: Context) -> float:
        """Seconds an answer takes once the model is loaded, tried with invented words. Raises Unavailable."""
        try:
            async with asyncio.timeout(FIRST_ANSWER_S):
                await self._read(INVENTED, context, FIRST_ANSWER_S)
            started = time.monotonic()
            async with asyncio.timeout(FIRST_ANSWER_S):
                await self._read(INVENTED, context, FIRST_ANSWER_S)
        except TimeoutError:
            raise Unavailable(f"pas de réponse en {FIRST_ANSWER_S:g} s") from None
        except APIStatusError as error:
            raise Unavailable(f"le serveur répond {error.status_code}") from None
        except Invalid as error:
            raise Unavailable(f"la réponse n'a pas la forme demandée ({error})") from None
        except (OpenAIError, httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            raise Unavailable(f"le serveur ne répond pas ({type(error).__name__})") from None
        return time.monotonic() - started

    def figures(self) -> Mapping[str, object]:
        """Counts for whoever measures the service."""
        return self._breaker.figures()

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def _read(self, text: str, context: Context, patience_s: float | None = None) -> Opinion:
        """Raises Invalid, OpenAIError, httpx2.HTTPError, OSError."""
        words = masked(text, context) if self._masks else text
        wanted = schema(context, masked=self._masks)
        content = await self._answer(question(words, context), wanted, patience_s or self.deadline_s)
        return parsed(content, context, masked=self._masks)

    async def _answer(self, asked: str, wanted: Mapping[str, Any], patience_s: float) -> str:
        """In the form this server is known to take; while none is known, the strictest it does not refuse."""
        refused: OpenAIError = OpenAIError("no form")
        for form in (self._form,) if self._form else FORMS:
            try:
                content = await self._request(form, asked, wanted, patience_s)
            except (BadRequestError, UnprocessableEntityError) as error:
                refused = error
                continue
            self._form = form
            return content
        raise refused

    async def _request(self, form: Form, asked: str, wanted: Mapping[str, Any], patience_s: float) -> str:
        request = self._client.chat.completions.with_streaming_response.create(
            model=self._model,
            messages=[
                {"role": "system", "content": _told(self._told, form, wanted)},
                {"role": "user", "content": asked},
            ],
            timeout=patience_s,
            **_shape(form, wanted),
        )
        body = bytearray()
        async with request as response:
            async for chunk in response.http_response.aiter_raw():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Invalid("too long")
        try:
            choice = _Completion.model_validate_json(bytes(body)).choices[0]
        except (ValidationError, IndexError):
            raise Invalid("no completion") from None
        if choice.finish_reason not in (None, "stop") or choice.message.refusal or not choice.message.content:
            raise Invalid(f"ended by {choice.finish_reason!r}")
        return choice.message.content


def _shape(form: Form, wanted: Mapping[str, Any]) -> dict[str, Any]:
    exactly = {"type": "json_schema", "json_schema": {"name": NAME, "strict": True, "schema": wanted}}
    calm = {"temperature": 0, "max_tokens": MOST_TOKENS}
    match form:
        case "schema":
            return {"response_format": exactly, **calm}
        case "plain schema":
            return {"response_format": exactly}
        case "object":
            return {"response_format": {"type": "json_object"}, **calm}
        case "free":
            return calm


def _told(told: str, form: Form, wanted: Mapping[str, Any]) -> str:
    """Who is not held to the schema by the server is shown it."""
    if form in ("schema", "plain schema"):
        return told
    return f"{told}\n\nLe JSON suit exactement ce schéma :\n{json.dumps(wanted)}"


def configured(settings: Settings) -> OpenAiReasoner | None:
    """From the settings; None when no address is set. Raises Faulty."""
    if not settings.llm_url:
        return None
    for fault in _faults(settings):
        raise Faulty(fault)
    # Below WARNING they would write requests and answers, which hold callers' words, into the log.
    for name in ("openai", "httpx2", "httpcore2", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    client = AsyncOpenAI(
        base_url=settings.llm_url,
        api_key=settings.llm_key or "none",
        max_retries=0,
        # A redirect would take the words to a machine nobody has chosen; compression would hide a size.
        http_client=DefaultAsyncHttpx2Client(follow_redirects=False, trust_env=False),
        default_headers={"accept-encoding": "identity"},
    )
    told = instructions(settings.prompts)
    return OpenAiReasoner(
        client, settings.llm_model, told, settings.llm_deadline_s, masks=settings.llm_masks == "yes"
    )


def _faults(settings: Settings) -> Sequence[str]:
    parts = urlsplit(settings.llm_url)
    faults = []
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        faults.append("VOICEBOT_LLM_URL : il faut une adresse http(s)://…/v1, sans mot de passe dedans")
    elif parts.scheme == "http" and not _near(parts.hostname):
        faults.append(
            f"VOICEBOT_LLM_URL : {parts.hostname} n'est pas une machine du réseau local ; les paroles des "
            "appelants n'y vont qu'en https"
        )
    if not (settings.llm_key.isascii() and settings.llm_key.isprintable()):
        faults.append("VOICEBOT_LLM_KEY : une clé n'a ni accents ni caractères invisibles")
    if not settings.llm_model:
        faults.append("VOICEBOT_LLM_MODEL : il faut le nom du modèle, comme le serveur l'appelle")
    if not 0 < settings.llm_deadline_s <= LONGEST_DEADLINE_S:
        faults.append(
            f"VOICEBOT_LLM_DEADLINE_S : {settings.llm_deadline_s:g} ; il faut plus de 0 et au plus "
            f"{LONGEST_DEADLINE_S:g} secondes"
        )
    if settings.llm_masks not in ("yes", "no"):
        faults.append(f"VOICEBOT_LLM_MASKS : {settings.llm_masks!r} ; il faut « yes » ou « no »")
    return faults


def _near(host: str) -> bool:
    """The machine itself, a private address, or a name that only a local network knows."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa"))
    return address.is_private or address.is_loopback
