"""What lets a page open its stream: signed by the page's view, which knows who asks, and checked without the database."""

from __future__ import annotations

import secrets
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner

TIME_TO_CONNECT = 10 * 60  # seconds; an open stream goes on, a page that comes back later is given a new ticket with its frame
PARTICIPANT, FACILITATOR, SCREEN = AUDIENCES = ("participant", "facilitator", "screen")
ADDRESS = "/live/room/"


class InvalidTicket(Exception):
    """Not a ticket of ours."""


class ExpiredTicket(Exception):
    """A ticket of ours that is too old to connect with."""


class Ticket(NamedTuple):
    """Which frames of which room, and for whom.

    Attributes:
        key: Of the participant, of the user who may lead, or of the big screen. The stream ends when it opens the room no more.
    """

    code: str
    audience: str
    key: int | str

    @property
    def participant(self) -> int | None:
        """The key of the person in the room; None for who leads it and for the big screen."""
        return int(self.key) if self.audience == PARTICIPANT else None


def stream_address(code: str, audience: str, key: int | str) -> str:
    """Where a page finds its stream, with a ticket in it."""
    if audience not in AUDIENCES:
        raise ValueError(f"{audience} is no audience.")
    one = secrets.token_urlsafe(6)  # so that two pages of the same second are two holders
    return f"{ADDRESS}?{urlencode({'ticket': _signer().sign_object([code, audience, key, one])})}"


def read_ticket(text: str) -> Ticket:
    """Raises InvalidTicket or ExpiredTicket."""
    try:
        code, audience, key, _ = _signer().unsign_object(text, max_age=TIME_TO_CONNECT)
    except SignatureExpired as error:
        raise ExpiredTicket from error
    except (BadSignature, ValueError) as error:
        raise InvalidTicket from error
    return Ticket(code, audience, key)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="advisor.live")
