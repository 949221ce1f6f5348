"""Where every view finds its object: for this visitor, or 404. What belongs to another workspace does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from advisor.models import (
    ApiToken,
    Company,
    Import,
    Invitation,
    Membership,
    Participant,
    PolicyVersion,
    Role,
    SavedView,
    Scenario,
    Share,
    Usage,
    UsageSearch,
    User,
    Workshop,
    WorkshopStep,
    Workspace,
)
from advisor.models.company_import import ImportQuerySet
from advisor.models.prepared import Prepared
from advisor.models.scenario import PLACE
from advisor.models.workspace import ROLES_THAT_WRITE
from advisor.services.audit import Actor, record_export, record_sight
from advisor.services.participants import participant_with

NOT_AN_EDITOR = "You are not an editor of any workspace. Ask an owner of your workspace to make you one."
NOT_TO_LEAD = "You may look at this company, but not lead a workshop on it. Ask an owner of the workspace to make you an editor."
SEAT = "seat"  # the cookie with a participant's key; its path is the room's, so that rooms do not see each other's
ROOM = (PLACE, "facilitator", "step__scenario__segment")  # the rest follows, see `_joined`
BY_CODE = Prepared("code", build=lambda code: Workshop.objects.select_related(*ROOM).filter(code=code).order_by())
STEP = Prepared(
    -1, -2, build=lambda room, pk: WorkshopStep.objects.select_related("scenario__segment").filter(workshop=room, pk=pk).order_by()
)
NOT_TO_CHANGE = "You may look at this company, but not change it. Ask an owner of the workspace to make you an editor."

NOT_AN_OWNER = "This is for the owners of the workspace. Ask one of them."
NOT_TO_SHARE = "Only an owner of the workspace decides what is shared of its companies. Ask one of them."
NOT_TO_IMPORT = "You may look at the companies of this workspace, but not import any. Ask an owner of it to make you an editor."
NOT_TO_CHANGE_VIEW = "You may open this view, but not change it. Ask an owner of the workspace to make you an editor."


def user_of(request: HttpRequest) -> User:
    """The signed-in visitor; every view that calls this is behind LoginRequiredMiddleware."""
    return cast(User, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in visitor, as the audit log knows who did something."""
    return Actor(user_of(request), request.META.get("REMOTE_ADDR", ""))


def note_sight(request: HttpRequest, companies: Iterable[Company]) -> None:
    """Into the audit log of those that another workspace shares."""
    record_sight([company for company in companies if company.is_shared], by=actor_of(request))


def note_export(request: HttpRequest, said: str, companies: Iterable[Company]) -> None:
    """Into the audit log, once something was sent; asking only for the head of an answer takes nothing along."""
    if request.method == "GET":
        record_export(said, companies, by=actor_of(request))


def companies(request: HttpRequest) -> list[Company]:
    """The companies of all the visitor's workspaces and those shared with one of them, by name."""
    found = Company.objects.visible_to(user_of(request)).select_related("workspace")
    return list(found.order_by("workspace__name", "name"))


def company(request: HttpRequest, pk: int, *, to_edit: bool = False) -> Company:
    found = Company.objects.visible_to(user_of(request)).select_related("workspace__policy_version").filter(pk=pk).first()
    if found is None:
        raise Http404
    _check(found, to_edit=to_edit)
    if found.is_shared:
        record_sight([found], by=actor_of(request))
    return found


def own_company(request: HttpRequest, pk: int, *, to_share: bool = False) -> Company:
    """A company of one of the visitor's workspaces. Only an owner shares it."""
    found = Company.objects.visible_to(user_of(request)).select_related("workspace").filter(pk=pk).first()
    if found is None or found.is_shared:
        raise Http404
    if to_share and not found.is_owned:
        raise PermissionDenied(NOT_TO_SHARE)
    return found


def scenario(request: HttpRequest, pk: int, *, to_edit: bool = False) -> Scenario:
    """A scenario with its present answers, its segment, company and workspace, in two statements."""
    found = Scenario.objects.one_visible_to(user_of(request), pk)
    if found is None:
        raise Http404
    _check(found, to_edit=to_edit)
    if found.is_shared:
        record_sight([found.segment.company], by=actor_of(request))
    return found


def usage(found: Scenario) -> Usage:
    """The uploaded usage of a scenario that the visitor has already been given, and what was found in it."""
    return UsageSearch.objects.of(found)


def scenarios_of_company(request: HttpRequest, found: Company) -> list[Scenario]:
    """All scenarios of a company that the visitor has already been given, with their answers."""
    visible = Scenario.objects.visible_to(user_of(request)).with_place().with_answers()
    return list(visible.filter(segment__company=found).order_by("segment_id", "pk"))


def scenarios_of_companies(request: HttpRequest) -> list[Scenario]:
    """All scenarios of all companies of the visitor, with their answers."""
    visible = Scenario.objects.visible_to(user_of(request)).with_place().with_answers()
    return list(visible.order_by("segment__company_id", "segment_id", "pk"))


def companies_with(request: HttpRequest, keys: Sequence[int], *, are_named_only: bool = False) -> list[Company]:
    """These companies in this order; 404 where one of them is not the visitor's to see. Of those `are_named_only` nothing is seen."""
    found = Company.objects.visible_to(user_of(request)).in_bulk(keys)
    if len(found) < len(keys):
        raise Http404
    if not are_named_only:
        note_sight(request, found.values())
    return [found[key] for key in keys]


def scenarios_with(request: HttpRequest, keys: Sequence[int]) -> list[Scenario]:
    """Those of these scenarios that the visitor sees, with their answers, by the names of their segments."""
    visible = Scenario.objects.visible_to(user_of(request)).with_place().with_answers()
    return list(visible.filter(pk__in=keys).order_by("segment__name", "pk"))


def saved_views(request: HttpRequest) -> list[SavedView]:
    """The views that the visitor's workspaces keep, by name."""
    return list(SavedView.objects.visible_to(user_of(request)).order_by("name", "pk"))


def saved_view(request: HttpRequest, pk: int, *, to_edit: bool = False) -> SavedView:
    found = SavedView.objects.visible_to(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    if to_edit and not found.can_be_edited:
        raise PermissionDenied(NOT_TO_CHANGE_VIEW)
    return found


def company_imports(request: HttpRequest) -> ImportQuerySet:
    """The imports of the workspaces that the visitor may add to, the newest first."""
    visible = Import.objects.visible_to(user_of(request)).filter(workspace__in=workspaces_to_write(request))
    return visible.select_related("workspace", "author").newest_first()


def company_import(request: HttpRequest, pk: int) -> Import:
    """An import for an editor of its workspace; nobody else sees any."""
    found = Import.objects.visible_to(user_of(request)).select_related("workspace", "author", "undone_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    if not found.can_be_edited:
        raise PermissionDenied(NOT_TO_IMPORT)
    return found


def revision_of_scenario(request: HttpRequest, pk: int) -> int:
    """Only the revision, for a page that asks whether anything has changed."""
    found = Scenario.objects.visible_to(user_of(request)).filter(pk=pk).values_list("revision", flat=True).first()
    if found is None:
        raise Http404
    return found


def workshop(request: HttpRequest, pk: int) -> Workshop:
    """A workshop for who leads it: an editor of its workspace."""
    found = Workshop.objects.visible_to(user_of(request)).select_related(*ROOM).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not found.can_be_led:
        raise PermissionDenied(NOT_TO_LEAD)
    return _joined(found)


def workshops_of_company(request: HttpRequest, found: Company) -> list[Workshop]:
    """All workshops of a company that the visitor has already been given, the newest first."""
    return list(
        Workshop.objects.visible_to(user_of(request)).filter(company=found).select_related("facilitator").prefetch_related("decisions")
    )


def running_workshops(request: HttpRequest) -> list[Workshop]:
    """The workshops that have not ended and that the visitor may lead, the newest first."""
    running = Workshop.objects.visible_to(user_of(request)).filter(closed_at=None).select_related("company", "facilitator")
    return [each for each in running if each.can_be_led]


def running_workshop(request: HttpRequest, found: Scenario) -> Workshop | None:
    """The newest workshop on a scenario that has not ended and that the visitor may lead."""
    if not found.can_be_edited:
        return None
    about = WorkshopStep.objects.filter(scenario=found).values("workshop")
    return Workshop.objects.visible_to(user_of(request)).filter(closed_at=None, pk__in=about).first()


def room(code: str) -> Workshop | None:
    """The workshop with this code, for anybody who has it."""
    found = BY_CODE.row(code.upper())
    return None if found is None else _joined(found)


def step(found: Workshop, pk: int) -> WorkshopStep | None:
    """A question of a workshop that the visitor has already been given."""
    asked = STEP.row(found.pk, pk)
    if asked is not None:
        asked.workshop = found
    return asked


def screen(key: str) -> Workshop:
    """The workshop whose big screen has this key."""
    found = Workshop.objects.select_related(*ROOM).filter(screen_key=key).first()
    if found is None:
        raise Http404
    return _joined(found)


def _joined(found: Workshop) -> Workshop:
    """With what its step has in common with it: read once, not joined twice."""
    if found.step is not None:
        found.step.workshop = found
        found.step.scenario.segment.company = found.company
    return found


def editors_of(found: Workshop) -> list[User]:
    """Who may lead a workshop: the editors and owners of its workspace."""
    mine = Membership.objects.filter(workspace=found.company.workspace_id, role__in=ROLES_THAT_WRITE)
    return [membership.user for membership in mine.select_related("user").order_by("user__name", "pk")]


def participant(request: HttpRequest, found: Workshop) -> Participant | None:
    """Who in this room sends the request; None for who has not come in, or was removed."""
    return participant_with(found, request.COOKIES.get(SEAT, ""))


def workspaces_to_write(request: HttpRequest) -> list[Workspace]:
    """The workspaces the visitor may add to, the first one joined first."""
    mine = Membership.objects.filter(user=user_of(request), role__in=ROLES_THAT_WRITE).select_related("workspace")
    return [membership.workspace for membership in mine.order_by("pk")]


def workspace_to_write(request: HttpRequest, pk: int | None = None) -> Workspace:
    """The workspace with this key, or the first one that the visitor may add to."""
    mine = Membership.objects.filter(user=user_of(request)).select_related("workspace").order_by("pk")
    memberships = [membership for membership in mine if pk is None or membership.workspace_id == pk]
    for membership in memberships:
        if membership.role in ROLES_THAT_WRITE:
            return membership.workspace
    if memberships or pk is None:
        raise PermissionDenied(NOT_AN_EDITOR if pk is None else NOT_TO_CHANGE)
    raise Http404


def memberships(request: HttpRequest) -> list[Membership]:
    """The visitor's memberships, as `memberships_of`."""
    return memberships_of(user_of(request))


def memberships_of(user: User) -> list[Membership]:
    """Somebody's memberships, the first one first, each with its workspace, the policy in force there, and `sees_shares`."""
    mine = Membership.objects.filter(user=user).select_related("workspace__policy_version")
    shared = Share.objects.present().filter(portfolio=OuterRef("workspace"))
    return list(mine.annotate(sees_shares=Exists(shared)).order_by("pk"))  # type: ignore[no-redef]  # told by the model


def workspaces(request: HttpRequest) -> list[Workspace]:
    """The workspaces that the visitor is a member of, the first one joined first."""
    mine = Membership.objects.filter(user=user_of(request)).select_related("workspace").order_by("pk")
    return [membership.workspace for membership in mine]


def workspace(request: HttpRequest, pk: int, *, to_own: bool = False) -> Workspace:
    """A workspace of the visitor with the visitor's role and the policy in force, for who may only read it too."""
    found = Workspace.objects.visible_to(user_of(request)).select_related("policy_version").filter(pk=pk).first()
    if found is None:
        raise Http404
    if to_own and found.role != Role.OWNER:
        raise PermissionDenied(NOT_AN_OWNER)
    return found


def membership(request: HttpRequest, pk: int, *, as_owner: bool = False) -> Membership:
    """The visitor's own membership of a workspace."""
    named = Workspace.objects.filter(pk=pk)  # a key of any size, unlike a comparison with the foreign key
    found = Membership.objects.select_related("workspace").filter(user=user_of(request), workspace__in=named).first()
    if found is None:
        raise Http404
    if as_owner and found.role != Role.OWNER:
        raise PermissionDenied(NOT_AN_OWNER)
    return found


def policy_versions(found: Workspace) -> list[PolicyVersion]:
    """The versions of a workspace that the visitor has already been given, the newest first."""
    return list(PolicyVersion.objects.filter(workspace=found).with_authors())


def member(mine: Membership, pk: int) -> Membership:
    """Somebody of the same workspace."""
    found = Membership.objects.select_related("user").filter(workspace=mine.workspace_id, pk=pk).first()
    if found is None:
        raise Http404
    return found


def invitation(mine: Membership, pk: int) -> Invitation:
    """An invitation into the workspace that the visitor owns."""
    found = Invitation.objects.visible_to(mine.user).filter(workspace=mine.workspace_id, pk=pk).first()
    if found is None:
        raise Http404
    return found


def api_tokens(request: HttpRequest) -> list[ApiToken]:
    """The visitor's tokens and those of the workspaces that the visitor owns, the newest first; the revoked ones left out."""
    found = ApiToken.objects.visible_to(user_of(request)).filter(revoked_at=None).with_role()
    return list(found.select_related("user", "workspace"))


def api_token(request: HttpRequest, key: str) -> ApiToken:
    pk = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
    found = ApiToken.objects.visible_to(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _check(found: Company | Scenario, *, to_edit: bool) -> None:
    if to_edit and not found.can_be_edited:
        raise PermissionDenied(NOT_TO_CHANGE)
