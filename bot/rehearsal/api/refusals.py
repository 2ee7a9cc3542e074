"""What the Bot API answers when it does not do as asked."""

from typing import Any


class Refused(Exception):  # noqa: N818 - reads as what happened
    """A request is answered with an error: HTTP status, description, extra parameters."""

    def __init__(
        self, status: int, description: str, *, parameters: dict[str, int] | None = None
    ) -> None:
        """Keep the answer's parts; `parameters` holds `retry_after` or `migrate_to_chat_id`."""
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """Return the JSON body that goes with the status."""
        body = {"ok": False, "error_code": self.status, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class Violated(Refused):
    """The request could never have been right, whatever the state of the chats: a bot's bug."""


def bad(text: str) -> Refused:
    """Return the refusal for a request that does not fit the present state."""
    return Refused(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refused:
    """Return the refusal for a chat the bot may not write to."""
    return Refused(403, f"Forbidden: {text}")


def violation(text: str) -> Violated:
    """Return the refusal for a request that breaks the Bot API's own rules."""
    return Violated(400, f"Bad Request: {text}")
