"""What tests put in place of what they do not test."""

from collections.abc import Mapping

from voicebot.domain import events as on


class NoReader:
    """ports.Reader without an opinion."""

    def scores(self, text: str, language: str = "fr") -> Mapping[str, float]:
        return {}


class Silent:
    """conversation.Watcher that keeps what it saw."""

    def __init__(self) -> None:
        self.events: list[on.Event] = []

    def happened(self, event: on.Event, state: object) -> None:
        self.events.append(event)

    def said(self, words: tuple[str, ...]) -> None:
        pass
