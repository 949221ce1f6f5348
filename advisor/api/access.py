"""Where every endpoint finds its objects: what the token's user sees, of its workspace or shared with that. All else does not exist."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest

from advisor.api.authentication import NOT_TO_CHANGE, check_scope, token
from advisor.api.errors import ApiError
from advisor.models import Company, Scenario, Segment, StoredAdvice
from advisor.models.company import CompanyQuerySet, SegmentQuerySet
from advisor.models.portfolio import StoredAdviceQuerySet
from advisor.models.scenario import ScenarioQuerySet
from advisor.models.sharing import GUEST, within
from advisor.services.audit import Actor, record_sight

Thing = TypeVar("Thing", Company, Segment, Scenario)


def actor_of(request: HttpRequest) -> Actor:
    """The token's user, as the audit log knows who did something."""
    return Actor(token(request).user, request.META.get("REMOTE_ADDR", ""))


def companies(request: HttpRequest) -> CompanyQuerySet:
    return within(Company.objects.visible_to(token(request).user), token(request).workspace_id, company="pk")


def segments(request: HttpRequest) -> SegmentQuerySet:
    visible = Segment.objects.visible_to(token(request).user).select_related("company")
    return within(visible, token(request).workspace_id, company="company")


def scenarios(request: HttpRequest) -> ScenarioQuerySet:
    """With their segments, companies and present answers."""
    visible = within(Scenario.objects.visible_to(token(request).user), token(request).workspace_id, company="segment__company")
    return visible.with_place().with_answers()


def stored_advice(request: HttpRequest) -> StoredAdviceQuerySet:
    return StoredAdvice.objects.of_workspace(token(request).workspace_id)


def company(request: HttpRequest, pk: int, *, to_edit: bool = False) -> Company:
    return _checked(request, companies(request).filter(pk=pk).first(), "company", to_edit=to_edit)


def segment(request: HttpRequest, pk: int, *, to_edit: bool = False) -> Segment:
    return _checked(request, segments(request).filter(pk=pk).first(), "segment", to_edit=to_edit)


def scenario(request: HttpRequest, pk: int, *, to_edit: bool = False) -> Scenario:
    return _checked(request, scenarios(request).filter(pk=pk).first(), "scenario", to_edit=to_edit)


def _checked(request: HttpRequest, found: Thing | None, noun: str, *, to_edit: bool) -> Thing:
    if found is None:
        raise ApiError("not_found", f"There is no {noun} of this key in the token's workspace.")
    if _company_of(found).workspace_id != token(request).workspace_id:
        found.role = GUEST  # whatever the user is in the workspace that shares it
        record_sight([_company_of(found)], by=actor_of(request))
    if to_edit:
        check_scope(request)
        if not found.can_be_edited:
            raise ApiError("forbidden", NOT_TO_CHANGE)
    return found


def _company_of(found: Company | Segment | Scenario) -> Company:
    if isinstance(found, Scenario):
        return found.segment.company
    return found.company if isinstance(found, Segment) else found
