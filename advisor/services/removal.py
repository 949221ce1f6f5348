"""Deleting a scenario or a company, with everything in it, and saying beforehand what that is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from advisor.models import Answer, Company, ImportRow, Scenario, Segment, Share, UsageSearch, Workshop
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record
from advisor.services.usage import forget_with
from advisor.services.workshop import leave_scenario


@dataclass(frozen=True, slots=True)
class Removal:
    """What would be gone.

    Attributes:
        name: What is deleted, as people call it.
        segments: How many of a company's segments go with it.
        scenarios: How many scenarios go.
        answers: How many answers, those of the history included.
        takes_segment: Whether a segment goes because its only scenario does.
        workshops: In how many workshops something was said about it, which goes too, decisions included.
        usage: Of how many scenarios customers' usage was uploaded, which goes with what was found in it.
    """

    name: str
    segments: int
    scenarios: int
    answers: int
    takes_segment: bool = False
    workshops: int = 0
    usage: int = 0


def removal_of_scenario(scenario: Scenario) -> Removal:
    is_only = not _siblings(scenario).exists()
    answers = Answer.objects.filter(scenario=scenario).count()
    return Removal(
        str(scenario),
        segments=int(is_only),
        scenarios=1,
        answers=answers,
        takes_segment=is_only,
        workshops=_workshops_on(scenario).count(),
        usage=_with_usage(Scenario.objects.filter(pk=scenario.pk)),
    )


def removal_of_company(company: Company) -> Removal:
    return Removal(
        company.name,
        segments=company.segments.count(),
        scenarios=Scenario.objects.filter(segment__company=company).count(),
        answers=Answer.objects.filter(scenario__segment__company=company).count(),
        workshops=company.workshops.count(),
        usage=_with_usage(Scenario.objects.filter(segment__company=company)),
    )


def _with_usage(scenarios: QuerySet[Scenario]) -> int:
    return scenarios.filter(Exists(UsageSearch.objects.filter(scenario=OuterRef("pk")))).count()


@transaction.atomic
def delete_company(company: Company, *, by: Actor) -> None:
    """Delete a company with all that is in it; of what it was the log keeps the name."""
    record(Kind.CHANGED, "Deleted the company.", by=by, workspace=company.workspace_id, company=company)
    for share in Share.objects.present().filter(company=company):
        record(Kind.SHARED, "Deleted the company, which was shared.", by=Actor(by.user), workspace=share.portfolio_id, company=company)
    _forget_kept(Scenario.objects.filter(segment__company=company))
    company.delete()


@transaction.atomic
def delete_scenario(scenario: Scenario, *, by: Actor) -> None:
    """Delete a scenario; a segment without one says nothing, so it goes with its last. What is gone already is left alone."""
    for workshop in _workshops_on(scenario):
        leave_scenario(workshop, scenario)
    segment = Segment.objects.select_for_update().filter(pk=scenario.segment_id)  # of two at once the second sees what is left
    if segment.exists():
        company = scenario.segment.company
        record(Kind.CHANGED, f"Deleted {scenario}.", by=by, workspace=company.workspace_id, company=company)
        _forget_kept(Scenario.objects.filter(pk=scenario.pk))
        (scenario if _siblings(scenario).exists() else segment).delete()


@transaction.atomic
def delete_segment(segment: Segment, *, by: Actor) -> None:
    """Delete a segment with its scenarios."""
    record(Kind.CHANGED, f"Deleted the segment {segment}.", by=by, workspace=segment.company.workspace_id, company=segment.company)
    for scenario in segment.scenarios.all():
        for workshop in _workshops_on(scenario):
            leave_scenario(workshop, scenario)
    _forget_kept(Scenario.objects.filter(segment=segment))
    segment.delete()


def _forget_kept(gone: QuerySet[Scenario]) -> None:
    """An import keeps of each row what it changed; not of what is deleted. Nor do the files of its usage stay."""
    forget_with(UsageSearch.objects.filter(scenario__in=gone))
    ImportRow.objects.filter(scenario__in=gone).update(changes=[])


def _workshops_on(scenario: Scenario) -> QuerySet[Workshop]:
    return Workshop.objects.filter(steps__scenario=scenario).distinct()


def _siblings(scenario: Scenario) -> QuerySet[Scenario]:
    return Scenario.objects.filter(segment_id=scenario.segment_id).exclude(pk=scenario.pk)
