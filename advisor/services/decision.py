"""The decision of a workshop on a scenario: its proposal, the vote on it, and the record, which is never rewritten."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from advisor.framework.advice import Advice
from advisor.framework.coverage import Zone
from advisor.framework.flip_points import FlipPoint, becomes, value_text
from advisor.framework.ownership import Ownership
from advisor.framework.questions import DIFFICULTY, QUESTION
from advisor.framework.scenario import Owner, Team
from advisor.framework.wording import MOTION_SCALE, OWNER_NAMES, TEAM_NAMES
from advisor.models import Decision, Participant, Phase, Reply, Scenario, Topic, User, Workshop, WorkshopStep
from advisor.services.decision_snapshot import Draw, Tell, snapshot_of
from advisor.services.rooms import Refused, changed, is_repeated, moved
from advisor.services.workshop import ENDED, answer

REVIEW_AFTER = 6  # months; ours, because half a year shows whether a hand-over works, and comes before the next yearly plan
# What a tripwire is best tied to (ours, because it stands in the books; the other answers are judged anew each time).
IN_THE_BOOKS = ("acv", "expansion_rate", "gross_retention")
FIELDS = ("statement", "why", "rejected", "owner", "decided_on", "tripwire", "review_on")
STANDS = "The decision is recorded, and stands."


# --- The proposal ------------------------------------------------------------------------------------


def decision_on(workshop: Workshop, scenario: Scenario) -> Decision | None:
    return Decision.objects.filter(workshop=workshop, scenario=scenario).first()


def suggested(step: WorkshopStep) -> dict[str, Any]:
    """The proposal as the framework would word it; whoever leads completes it. What is not known yet is left empty."""
    advice = step.scenario.advice()
    today = timezone.localdate()
    return {
        "statement": _statement(advice),
        "why": "" if advice.ownership is Ownership.UNDECIDED else advice.reason,
        "rejected": _rejected(advice),
        "owner": "",
        "decided_on": today,
        "tripwire": _tripwire(advice),
        "review_on": review_date(today),
    }


def review_date(decided_on: date) -> date:
    """REVIEW_AFTER months later; where that month is shorter, on its last day."""
    years, month = divmod(decided_on.month - 1 + REVIEW_AFTER, 12)
    year, month = decided_on.year + years, month + 1
    return date(year, month, min(decided_on.day, monthrange(year, month)[1]))


def _statement(advice: Advice) -> str:
    segment = advice.scenario.segment
    if advice.zone is Zone.CSAM:
        return f"One CSAM serves and expands {segment}."
    if advice.ownership is Ownership.UNDECIDED:
        return ""
    around = "" if advice.team is None else f"; {_roles(advice.team)} stand around the account"
    if advice.ownership is Ownership.KEEP_TOGETHER:
        return f"Keep together: the AE owns renewal and expansion of {segment}{around}."
    owner = OWNER_NAMES[Owner.CSM if advice.owner is Owner.OPEN else advice.owner].replace("the ", "a ", 1)
    return f"Specialize: {owner} owns the expansion of {segment}{around}."


def _rejected(advice: Advice) -> str:
    """The verdict that was not chosen; why not is for people to say."""
    other = {
        Ownership.SPECIALIZE: "Keep together, so that the AE owns renewal and expansion.",
        Ownership.KEEP_TOGETHER: "Specialize, with a hand-over to a CSM.",
        Ownership.UNDECIDED: "",
    }
    return other[advice.ownership]


def _roles(team: Team) -> str:
    return TEAM_NAMES[team].removesuffix(" (trimmed)")


def _tripwire(advice: Advice) -> str:
    """The flip point that the smallest relative change of its answer reaches (ours): one that turns the verdict before one that turns
    the team alone, and among these one that stands in the books.
    """
    flips = [flip for flip in advice.flip_points if flip.ownership is not Ownership.UNDECIDED]
    if not flips:
        return ""
    nearest = min(flips, key=lambda flip: (flip.ownership is advice.ownership, flip.answer not in IN_THE_BOOKS, _distance(flip, advice)))
    when = _motion_turns(nearest) if nearest.answer == "motion" else _answer_turns(nearest)
    then = becomes(nearest, advice.decision).rstrip(",")
    return f"Revisit when {when}; the advice is then: {then}."


def _answer_turns(flip: FlipPoint) -> str:
    noun = "the difficulty of the expansion" if flip.answer == DIFFICULTY else QUESTION[flip.answer].noun.removeprefix("the ")
    return f"{noun} in this segment {'passes' if flip.rises else 'falls below'} {value_text(flip.answer, flip.value)}"


def _motion_turns(flip: FlipPoint) -> str:
    """What to look for, since nobody measures a motion, and its value in whole points."""
    if flip.rises:
        needs, turns = "more help than today", "passes"
    else:
        needs, turns = "less help than today", "falls below"
    return f"a sale in this segment needs {needs}: its motion {turns} {flip.value:.0f} of 100 ({MOTION_SCALE})"


def _distance(flip: FlipPoint, advice: Advice) -> float:
    now = _present(flip.answer, advice)
    largest = max(abs(flip.value), abs(now))
    return 0.0 if largest == 0 else abs(flip.value - now) / largest


def _present(answer_name: str, advice: Advice) -> float:
    """What stands in the scenario for the answer that flips; a potential that was not given is the path's."""
    if answer_name == DIFFICULTY:
        return 0.0 if advice.difficulty is None else advice.difficulty.low
    given = getattr(advice.scenario, answer_name)
    if given is None and answer_name == "potential_acv":
        given = advice.potential
    return float(given or 0.0)


def propose(workshop: Workshop, scenario: Scenario, told: Mapping[str, Any], *, based_on: int | None, key: str = "") -> None:
    """Word the proposal, or change it. `based_on`: the revision that was changed; None: there was none. Raises Refused.

    Its statement stands once somebody has voted on it, so that nobody's vote comes to stand under other words.
    """
    values = {name: told[name] for name in FIELDS}
    with transaction.atomic():
        has_ended = changed(workshop)
        if is_repeated(workshop, key):
            return
        if has_ended:
            raise Refused(ENDED)
        standing = decision_on(workshop, scenario)
        if standing is not None and standing.is_recorded:
            raise Refused(STANDS)
        if (None if standing is None else standing.revision) != based_on:
            raise Refused("Somebody has changed the proposal since you opened it. What stands now is below; saving again replaces it.")
        if standing is None:
            Decision.objects.create(workshop=workshop, scenario=scenario, **values)
            return
        if standing.statement != values["statement"] and _is_voted_on(workshop, scenario):
            raise Refused("Somebody has voted on this statement already. Ask for a further round to put other words to the vote.")
        Decision.objects.filter(pk=standing.pk).update(**values, revision=F("revision") + 1, changed_at=timezone.now())


def _is_voted_on(workshop: Workshop, scenario: Scenario) -> bool:
    step = workshop.steps.filter(scenario=scenario, topic=Topic.DECISION).first()
    return step is not None and bool(Reply.sealed.who(step))


# --- The vote ----------------------------------------------------------------------------------------


def vote(
    person: Participant, step: WorkshopStep, *, statement: str, commitment: int, dissent: str, key: str = "", by_proxy: bool = False
) -> None:
    """Commit to this statement, or not; blind, as every answer. Raises Refused, also where another statement stands now, or none yet."""
    with transaction.atomic():
        changed(step.workshop)  # nobody words the proposal anew between the comparison and the vote
        standing = decision_on(step.workshop, step.scenario)
        if standing is None:
            raise Refused("There is no proposal to vote on yet.")
        if standing.statement != statement:
            raise Refused("The proposal has been worded anew since you opened it. Read it again, then vote.")
        answer(person, step, {"commitment": commitment, "dissent": dissent or None}, key=key, by_proxy=by_proxy)


# --- The record --------------------------------------------------------------------------------------


def record(workshop: Workshop, *, seen: int, based_on: int, by: User, tell: Tell, draw: Draw, key: str = "") -> None:
    """The decision at which the room is stands from now on, with everything it rests on. Raises Overtaken, and Refused.

    `based_on` is the revision of the proposal that was read by who records it.

    `tell` words a stored answer as the pages show it, `draw` draws what was said.
    """
    with transaction.atomic():
        if is_repeated(workshop, key):
            return
        room = moved(workshop, seen=seen)
        if room.closed_at is not None:
            raise Refused(ENDED)
        step = room.step
        if step is None or step.topic != Topic.DECISION or step.phase == Phase.ANSWERING:
            raise Refused("A decision is recorded after its vote has been revealed.")
        standing = decision_on(room, step.scenario)
        if standing is None:
            raise Refused("There is no proposal to record yet: word it first.")
        if standing.is_recorded:
            raise Refused(STANDS)
        if not standing.owner:
            raise Refused("Nobody sees to it yet: name an owner in the proposal, then record it.")
        if standing.revision != based_on:
            raise Refused("Somebody has changed the proposal since you opened it. Read what stands now, then record it.")
        now = timezone.now()
        WorkshopStep.objects.filter(pk=step.pk).update(phase=Phase.SETTLED)
        snapshot = snapshot_of(room, step.scenario, tell, draw, now) | {"recorded_by": by.name, "recorded_at": now.isoformat()}
        decided_on = standing.decided_on or timezone.localdate(now)
        Decision.objects.filter(pk=standing.pk).update(snapshot=snapshot, recorded_at=now, decided_on=decided_on)
