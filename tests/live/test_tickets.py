"""Tickets: what they say, and which are refused."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import TimestampSigner, b62_encode

from advisor.live.tickets import PARTICIPANT, SCREEN, TIME_TO_CONNECT, ExpiredTicket, InvalidTicket, Ticket, read_ticket, stream_address


def ticket_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["ticket"][0]


class OldSigner(TimestampSigner):
    """One whose tickets can no longer be used to connect."""

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - TIME_TO_CONNECT - 1)


def test_a_ticket_says_which_room_and_for_whom() -> None:
    address = stream_address("N4GHMMPK", PARTICIPANT, 17)
    assert urlsplit(address).path == "/live/room/"
    assert read_ticket(ticket_in(address)) == Ticket("N4GHMMPK", PARTICIPANT, 17)
    assert read_ticket(ticket_in(stream_address("N4GHMMPK", SCREEN, "k3y"))) == Ticket("N4GHMMPK", SCREEN, "k3y")


def test_a_ticket_for_nobody_is_not_made() -> None:
    with pytest.raises(ValueError, match="everybody is no audience"):
        stream_address("N4GHMMPK", "everybody", 17)


@pytest.mark.parametrize("change", ["{0}x", "x{0}", "", "é{0}", "a:b:c", "{0}:{0}"])
def test_a_forged_ticket_is_none(change: str) -> None:
    with pytest.raises(InvalidTicket):
        read_ticket(change.format(ticket_in(stream_address("N4GHMMPK", PARTICIPANT, 17))))


def test_a_ticket_signed_for_another_purpose_is_none() -> None:
    with pytest.raises(InvalidTicket):
        read_ticket(TimestampSigner(salt="sign-in").sign_object(["N4GHMMPK", PARTICIPANT, 17, ""]))


def test_a_ticket_connects_for_ten_minutes() -> None:
    with pytest.raises(ExpiredTicket):
        read_ticket(OldSigner(salt="advisor.live").sign_object(["N4GHMMPK", PARTICIPANT, 17, ""]))
