"""The pages: what a browser asks for and gets. Handlers only; what they show is read through `Service`."""

from aiohttp import web

from voicebot.app.service import Service

SERVICE = web.AppKey("service", Service)
