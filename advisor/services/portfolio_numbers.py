"""Keeping the stored numbers of a portfolio up to date. Imports numpy: views that need it are imported late."""

from __future__ import annotations

from typing import NamedTuple

from advisor.economics.assumptions import ranges_kept
from advisor.economics.many import Asked, grounds, reckoned
from advisor.economics.segment import Segment, segment_of
from advisor.economics.team_verdict import does_keeping_arise
from advisor.framework.coverage import Zone
from advisor.framework.cross_check import CrossCheck, cross_check
from advisor.framework.ownership import Ownership
from advisor.framework.scenario import Owner, Team
from advisor.models import KeptAssumptions, Scenario, StoredAdvice, StoredNumbers, User
from advisor.models.portfolio_numbers import stale_numbers
from advisor.models.scenario import ScenarioQuerySet
from advisor.services.portfolio import AT_ONCE, store


def bring_numbers_up_to_date(user: User) -> int:
    """Store the numbers of every scenario whose numbers this person sees, where they have changed since; how many there were."""
    changed = stale_numbers(Scenario.objects.visible_to(user), grounds()).order_by("pk")
    whole = changed.with_place().select_related("stored_advice").with_answers()
    return store(changed, StoredNumbers, lambda: _rows(whole))


def _rows(whole: ScenarioQuerySet) -> list[StoredNumbers]:
    scenarios = list(whole[:AT_ONCE])
    kept = _kept_of(scenarios)
    found: list[tuple[Scenario, Segment | None, Advised]] = []
    asked = []
    for scenario in scenarios:
        advised = _advised(scenario)
        answers = scenario.framework_scenario()
        segment = segment_of(answers, advised.owner, scenario.policy, ranges_kept(kept.get(scenario.pk, {})))
        found.append((scenario, segment, advised))
        if segment is not None:
            asked.append(Asked(segment, advised.team, answers.current_team))
    numbers = iter(reckoned(asked))
    rows = []
    for scenario, segment, advised in found:
        row = StoredNumbers(
            scenario=scenario,
            revision=scenario.revision,
            policy_version=scenario.version_now,  # type: ignore[attr-defined]  # by `stale_numbers`
            grounds=grounds(),
            kept=scenario.kept_now,  # type: ignore[attr-defined]
            is_known=segment is not None,
        )
        if segment is not None:
            each = next(numbers)
            row.team, row.best, row.best_in = each.team, each.best or "", each.best_in
            row.keeping = each.keeping if advised.does_keeping_arise else None
            row.ltv_to_cac_low, row.ltv_to_cac, row.ltv_to_cac_high = each.ltv_to_cac
            row.changing_low, row.changing, row.changing_high = each.changing or (None, None, None)
            row.value, row.payback, row.nrr, row.cost_to_serve_share = each.value, each.payback, each.nrr, each.cost_to_serve_share
        rows.append(row)
    return rows


class Advised(NamedTuple):
    """What of a scenario's advice its numbers rest on."""

    team: Team | None
    owner: Owner
    does_keeping_arise: bool


def _advised(scenario: Scenario) -> Advised:
    """As it is stored, if that is of this revision and policy."""
    stored: StoredAdvice | None = getattr(scenario, "stored_advice", None)
    if stored is not None and (stored.revision, stored.policy_version_id or 0) == (scenario.revision, scenario.version_now):  # type: ignore[attr-defined]
        check = cross_check(Zone(stored.zone) if stored.zone else None, Ownership(stored.ownership))
        return Advised(Team(stored.team) if stored.team else None, Owner(stored.owner), check is not CrossCheck.DOES_NOT_ARISE)
    advice = scenario.advice()
    return Advised(advice.team, advice.owner, does_keeping_arise(advice))


def _kept_of(scenarios: list[Scenario]) -> dict[int, dict[str, list[float]]]:
    """The ranges in force of those of these scenarios that have kept any; in one statement."""
    rows = KeptAssumptions.objects.filter(scenario__in=scenarios).order_by("number").values_list("scenario", "ranges")
    return dict(rows)  # the newest comes last
