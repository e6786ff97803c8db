"""A server that speaks OpenAI's chat completions on this machine, and misbehaves as it is told."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from voicebot.adapters.llm_openai import configured
from voicebot.settings import Settings

NOTHING = {
    "wish": None,
    "windows": [],
    "doctor": None,
    "motif": None,
    "asap": False,
    "choice": None,
    "level": None,
}
"""What a model answers that has read nothing."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def completion(content: Any, **choice: Any) -> dict[str, Any]:
    text = content if isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "essai",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}],
    }


@dataclass
class Server:
    """`reply` answers the next requests: an answer's JSON, an aiohttp handler, or a list of them in turn."""

    reply: Any = field(default_factory=lambda: dict(NOTHING))
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of the requests, as they came."""
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    @property
    def words(self) -> list[str]:
        """What the caller was said to have said."""
        return [json.loads(body["messages"][-1]["content"])["paroles"] for body in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.headers.append(dict(request.headers))
        reply = self.reply.pop(0) if isinstance(self.reply, list) else self.reply
        if callable(reply):
            return await reply(request)
        return web.json_response(completion({**NOTHING, **reply} if isinstance(reply, dict) else reply))


@asynccontextmanager
async def serving(reply: Any = None):
    server = Server() if reply is None else Server(reply)
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/v1/chat/completions", server.handle)
    async with TestServer(app, shutdown_timeout=0.1) as running:
        server.url = str(running.make_url("/v1"))
        yield server


@asynccontextmanager
async def reasoning(reply: Any = None, **changed: Any):
    """(reasoner, server), closed at the end."""
    async with serving(reply) as server:
        settings = Settings(llm_url=server.url, llm_model="essai", llm_key="sk-essai-4711", **changed)
        reasoner = configured(settings)
        assert reasoner is not None
        try:
            yield reasoner, server
        finally:
            await reasoner.close()


async def never(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


def answers(status: int, text: str = "", **more: Any) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, **more)

    return handle


async def slams(request: web.Request) -> web.StreamResponse:
    """Closes the connection without a word."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    """Promises more than it sends."""
    body = json.dumps(completion(NOTHING)).encode()
    response = web.StreamResponse(
        headers={"content-type": "application/json", "content-length": str(len(body))}
    )
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response


async def drip(request: web.Request) -> web.StreamResponse:
    """A whole answer, a byte at a time."""
    response = web.StreamResponse(headers={"content-type": "application/json"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    for byte in json.dumps(completion(NOTHING)).encode():
        await response.write(bytes([byte]))
        await asyncio.sleep(0.05)
    return response


async def floods(request: web.Request) -> web.StreamResponse:
    """Never ends."""
    response = web.StreamResponse(headers={"content-type": "application/json"})
    await response.prepare(request)
    for _ in range(2000):
        await response.write(b'{"choices": [' + b" " * 65536)
    return response
