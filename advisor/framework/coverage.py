"""Where a segment sits on the chart of contract value by sales motion, and which zone that is (Tunguz)."""

from __future__ import annotations

from enum import StrEnum
from math import exp, log
from typing import NamedTuple

from advisor.framework.policy import Policy

MOTION_STOPS: tuple[tuple[float, str, str], ...] = (
    (0.0, "Self-serve", "most new customers pay without talking to anyone"),
    (50.0, "Sales-assisted", "somebody helps to buy, and setting up takes days rather than weeks"),
    (100.0, "Complex deployment", "a paid implementation, a proof of concept, or more than 30 days of configuration"),
)


def motion_name(motion: float) -> str:
    """What the nearest of the three motions is called: 40 -> "sales-assisted"."""
    return min(MOTION_STOPS, key=lambda stop: abs(stop[0] - motion))[1].lower()


def motion_words(motion: float) -> str:
    """A motion with its scale and name: "50 of 100, sales-assisted"."""
    return f"{round(motion)} of 100, {motion_name(motion)}"


class Zone(StrEnum):
    """Which team fits where the segment sits."""

    CSAM = "csam"
    MIDDLE = "middle"
    ENTERPRISE = "enterprise"


ZONE_NAMES: dict[Zone, str] = {Zone.CSAM: "CSAM", Zone.MIDDLE: "AE + CSM + Support", Zone.ENTERPRISE: "Enterprise"}


class Position(NamedTuple):
    """A place on the chart.

    Attributes:
        acv_position: 0 at the lower end of the contract axis, 1 at its upper end.
        weight: 0 for the lightest segment, 1 for the heaviest; motion counts double.
        tension: Contract position less motion, -1 to 1.
    """

    acv_position: float
    weight: float
    tension: float


def acv_position(acv: float, policy: Policy) -> float:
    """Where an ACV (USD) sits on the logarithmic axis, 0 to 1; values outside are held at the ends."""
    place = log(acv / policy.acv_floor) / log(policy.acv_ceiling / policy.acv_floor)
    return min(max(place, 0.0), 1.0)


def acv_at(place: float, policy: Policy) -> float:
    """The ACV (USD) at a place on the axis: the inverse of `acv_position` between its ends."""
    return policy.acv_floor * exp(place * log(policy.acv_ceiling / policy.acv_floor))


def weight_of(place: float, motion: float, policy: Policy) -> float:
    """How heavy a segment is, 0 to 1, from its contract position (0 to 1) and motion (0 to 100)."""
    return (policy.motion_weight * motion / 100 + place) / (policy.motion_weight + 1)


def position_of(acv: float | None, motion: float | None, policy: Policy) -> Position | None:
    """The place on the chart, or None while one of the two answers is missing."""
    if acv is None or motion is None:
        return None
    place = acv_position(acv, policy)
    return Position(place, weight_of(place, motion, policy), place - motion / 100)


def zone_of(weight: float, policy: Policy) -> Zone:
    """The zone of a weight. Both borders belong to the middle."""
    if weight < policy.middle_from:
        return Zone.CSAM
    if weight > policy.enterprise_above:
        return Zone.ENTERPRISE
    return Zone.MIDDLE


def tension_sentence(tension: float, policy: Policy) -> str:
    """What a strong tension means; empty where there is none."""
    if tension >= policy.strong_tension:
        return "The contract is rich for so light a motion."
    if tension <= -policy.strong_tension:
        return "The contract cannot pay for so heavy a motion."
    return ""


def borders(policy: Policy) -> tuple[float, float]:
    """The weights at which one zone meets the next."""
    return policy.middle_from, policy.enterprise_above


def _is_met(border: float, along: float, policy: Policy) -> bool:
    """Whether the zone changes at this point (0 to 1) of an axis. At its very end only one of the two borders does,
    since both belong to the middle: nothing is lighter than the lower end or heavier than the upper."""
    return 0 < along <= 1 if border == policy.middle_from else 0 <= along < 1


def acv_at_border(border: float, motion: float, policy: Policy) -> float | None:
    """The ACV (USD) at which a segment of this motion (0 to 100) crosses a border, or None where it never does."""
    place = border * (policy.motion_weight + 1) - policy.motion_weight * motion / 100
    return acv_at(place, policy) if _is_met(border, place, policy) else None


def motion_at_border(border: float, place: float, policy: Policy) -> float | None:
    """The motion (0 to 100) at which a segment at this contract position crosses a border, or None."""
    along = (border * (policy.motion_weight + 1) - place) / policy.motion_weight
    return along * 100 if _is_met(border, along, policy) else None
