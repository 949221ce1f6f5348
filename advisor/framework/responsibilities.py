"""Who does what at each stage of a customer's life, and where the account changes hands."""

from __future__ import annotations

import itertools
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from advisor.framework.scenario import Owner, Team


class Stage(StrEnum):
    """The stages of a customer's life."""

    SOURCE = "source"
    CLOSE = "close"
    IMPLEMENT = "implement"
    SUPPORT = "support"
    ADOPT = "adopt"
    RENEW = "renew"
    EXPAND = "expand"


class Role(StrEnum):
    """Who can own a stage."""

    PRODUCT = "Product"
    CSAM = "CSAM"
    AE = "AE"
    SE = "SE"
    SUPPORT = "Support"
    CSM = "CSM"
    AM = "AM"


STAGE_NAMES: dict[Stage, str] = {stage: stage.value.capitalize() for stage in Stage}

# Ours: the trust and the knowledge that Roberge wants kept live in the commercial relationship,
# so a hand-over is a change of owner along these stages; support and delivery work beside it.
RELATIONSHIP = (Stage.CLOSE, Stage.RENEW, Stage.EXPAND)

_DELIVERY: dict[Team, dict[Stage, Role]] = {
    Team.CSAM: {
        Stage.SOURCE: Role.PRODUCT,
        Stage.CLOSE: Role.CSAM,
        Stage.IMPLEMENT: Role.CSAM,
        Stage.SUPPORT: Role.CSAM,
        Stage.ADOPT: Role.CSAM,
    },
    Team.AE_CSM_SUPPORT: {
        Stage.SOURCE: Role.AE,
        Stage.CLOSE: Role.AE,
        Stage.IMPLEMENT: Role.CSM,
        Stage.SUPPORT: Role.SUPPORT,
        Stage.ADOPT: Role.CSM,
    },
    Team.AE_SE_SUPPORT_CSM: {
        Stage.SOURCE: Role.AE,
        Stage.CLOSE: Role.AE,
        Stage.IMPLEMENT: Role.SE,
        Stage.SUPPORT: Role.SUPPORT,
        Stage.ADOPT: Role.CSM,
    },
    Team.AE_SE_SUPPORT: {
        Stage.SOURCE: Role.AE,
        Stage.CLOSE: Role.AE,
        Stage.IMPLEMENT: Role.SE,
        Stage.SUPPORT: Role.SUPPORT,
        Stage.ADOPT: Role.AE,
    },
}

_EXPANSION: dict[Owner, Role] = {Owner.CSAM: Role.CSAM, Owner.CSM: Role.CSM, Owner.AM: Role.AM, Owner.AE: Role.AE}


class StageOwners(NamedTuple):
    """Who owns one stage. Exactly one is right; none and two are errors that the page shows.

    Attributes:
        stage: Of a customer's life.
        owners: The roles.
        is_open: Whether nobody has said yet who owns it, which is not an error.
    """

    stage: Stage
    owners: tuple[Role, ...]
    is_open: bool = False

    @property
    def error(self) -> str:
        if self.is_open or len(self.owners) == 1:
            return ""
        return f"{STAGE_NAMES[self.stage]} has {'no owner' if not self.owners else 'two owners'}."


class Responsibilities(NamedTuple):
    """Who does what.

    Attributes:
        stages: One entry a stage, in the order of a customer's life; empty where nothing is known.
        hand_overs: How often the commercial relationship changes hands after the first sale; None while a stage of
            it lacks its one owner.
    """

    stages: tuple[StageOwners, ...]
    hand_overs: int | None

    @property
    def errors(self) -> tuple[str, ...]:
        return tuple(stage.error for stage in self.stages if stage.error)

    def owner_of(self, stage: Stage) -> Role | None:
        entry = self.of(stage)
        return entry.owners[0] if entry is not None and len(entry.owners) == 1 else None

    def of(self, stage: Stage) -> StageOwners | None:
        """Who owns a stage; None where nothing is known."""
        return next((entry for entry in self.stages if entry.stage is stage), None)


NOTHING_KNOWN = Responsibilities((), None)


@lru_cache(maxsize=64)
def responsibilities(team: Team | None, owner: Owner | None) -> Responsibilities:
    """Who does what in a team whose expansion this owner has. Nothing is known of no team, or of another team.

    An owner who is None (nobody said) or OPEN (not decided) leaves renewal and expansion open; NONE is an error there.
    """
    delivery = None if team is None else _DELIVERY.get(team)
    if delivery is None:
        return NOTHING_KNOWN
    expansion = None if owner is None else _EXPANSION.get(owner)
    is_open = owner in (None, Owner.OPEN)
    stages = tuple(StageOwners(stage, _owners(delivery.get(stage, expansion)), is_open and stage not in delivery) for stage in Stage)
    relationship = [entry for entry in stages if entry.stage in RELATIONSHIP]
    if any(entry.error or entry.is_open for entry in relationship):
        return Responsibilities(stages, None)
    hand_overs = sum(before.owners != after.owners for before, after in itertools.pairwise(relationship))
    return Responsibilities(stages, hand_overs)


def _owners(role: Role | None) -> tuple[Role, ...]:
    return () if role is None else (role,)


def roles_present(team: Team | None, owner: Owner) -> tuple[Role, ...]:
    """The roles that own a stage, in the order in which a customer meets them."""
    present: dict[Role, None] = {}
    for entry in responsibilities(team, owner).stages:
        for role in entry.owners:
            present.setdefault(role)
    present.pop(Role.PRODUCT, None)
    return tuple(present)
