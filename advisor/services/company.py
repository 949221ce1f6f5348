"""Adding companies and segments."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from advisor.models import Company, Scenario, Segment, Workspace
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record


@transaction.atomic
def add_company(workspace: Workspace, details: Mapping[str, str], *, by: Actor) -> Company:
    """A new company. Raises IntegrityError where the workspace has one of this name."""
    company = Company.objects.create(workspace=workspace, **details)
    record(Kind.CHANGED, "Added the company.", by=by, workspace=workspace, company=company)
    return company


@transaction.atomic
def add_segment(company: Company, details: Mapping[str, str | float | None], *, by: Actor) -> Scenario:
    """A new segment with its scenario Today. Raises IntegrityError where the company has one of this name."""
    segment = Segment.objects.create(company=company, **details)
    record(Kind.CHANGED, f"Added the segment {segment}.", by=by, workspace=company.workspace_id, company=company)
    return Scenario.objects.create(segment=segment)
