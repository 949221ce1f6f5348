"""The policy of a workspace: every threshold, what a change would turn over, and its versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.cells import CellError
from advisor.forms.policy import NO_REASON, PolicyTyped, is_typed, read_policy, read_reason, text_of, texts_of, unit_of
from advisor.forms.portfolio import VERDICTS
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.policy_limits import (
    CONCEPTS,
    NAMES,
    PARAMETER,
    Measure,
    changes_text,
    differing,
    group_name,
    measure_of,
    value_text,
)
from advisor.framework.policy_preview import DECIDES, MOVES, Outcome
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES
from advisor.models import PolicyVersion, Role, Workspace
from advisor.models.policy import REASON_LENGTH
from advisor.services import policy as service
from advisor.views import access

MOST_SHOWN = 50  # segments that turn over
NOT_AN_OWNER = (
    "You may look at this policy and try other thresholds, but not save them: they turn over advice on everybody's companies. "
    "Ask an owner of the workspace."
)


class Threshold(NamedTuple):
    """One field.

    Attributes:
        text: What it holds.
        default: In words.
        differs: Whether the value in force is not the default.
        is_other: Whether what it holds is not what is in force.
        whose: `ours`, or the author of the passage, whose `key` the page of sources has.
    """

    name: str
    label: str
    text: str
    unit: str
    default: str
    differs: bool
    is_other: bool
    has_lines: bool
    whose: str
    key: str
    why: str
    error: str


class Row(NamedTuple):
    """A segment that turns over: its scenario, and (what, before, after) of what becomes another."""

    scenario: int
    name: str
    changes: Sequence[tuple[str, str, str]]


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """To the policy of the workspace that the visitor joined first, with the same query."""
    mine = access.workspaces(request)
    if not mine:
        return render(request, "policy.html", {"workspace": None})
    query = request.GET.urlencode()
    return redirect(f"{reverse('policy', args=[mine[0].pk])}{f'?{query}' if query else ''}")


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    workspace = access.workspace(request, pk)
    if request.method == "POST":
        if workspace.role != Role.OWNER:
            raise PermissionDenied(NOT_AN_OWNER)
        return _save(request, workspace)
    versions = access.policy_versions(workspace)
    chosen = next((version for version in versions if str(version.number) == request.GET.get("version")), None)
    if chosen is not None or request.GET.get("version") == "0":
        back = DEFAULT_POLICY if chosen is None else chosen.policy
        name, why = ("the default", "") if chosen is None else (str(chosen), f": {chosen.reason}")
        reason = f"Back to {name}{why}"[:REASON_LENGTH]
        return _page(request, workspace, versions, PolicyTyped(back, texts_of(back), {}), back_to=name, reason=reason)
    if not is_typed(request.GET):
        return _page(request, workspace, versions, None)
    base = _base(request.GET, workspace, versions)
    typed = read_policy(request.GET, workspace.policy, base=_policy_at(base, versions))
    return _page(request, workspace, versions, typed, since=_since(base, versions), status=422 if typed.errors else 200)


def _save(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    versions = access.policy_versions(workspace)
    base = _base(request.POST, workspace, versions)
    typed = read_policy(request.POST, workspace.policy, base=_policy_at(base, versions))
    written = request.POST.get("reason", "")
    if typed.policy is None:
        return _page(request, workspace, versions, typed, reason=written, status=422)
    since = _since(base, versions)
    if since:
        return _page(request, workspace, versions, typed, since=since, reason=written, status=409)
    try:
        reason = read_reason(written)
    except CellError as error:
        problem = error.sentence if error.value else NO_REASON
        return _page(request, workspace, versions, typed, reason=written, reason_error=problem, status=422)
    if typed.policy == workspace.policy:
        return _page(request, workspace, versions, typed, reason=written, status=422)
    try:
        user, address = access.actor_of(request)
        assert user is not None
        made = service.save_version(
            workspace, typed.policy, reason=reason, based_on=workspace.policy_version_id, author=user, address=address
        )
    except service.PolicyMovedOn:
        fresh = access.workspace(request, workspace.pk)
        versions = access.policy_versions(fresh)
        again = read_policy(request.POST, fresh.policy, base=_policy_at(base, versions))
        return _page(request, fresh, versions, again, since=_since(base, versions), reason=written, status=409)
    messages.success(request, f"Saved as version {made.number}. It is in force from now on; recorded decisions stay as they are.")
    return redirect("policy", workspace.pk)


# --- Versions --------------------------------------------------------------------------------------


def _base(sent: Mapping[str, str], workspace: Workspace, versions: Sequence[PolicyVersion]) -> int:
    """The number of the version that somebody's thresholds were typed on; the one in force where it is not said."""
    present = versions[0].number if versions else 0
    text = sent.get("based_on", "")
    return next((number for number in range(present) if str(number) == text), present)


def _policy_at(number: int, versions: Sequence[PolicyVersion]) -> Policy:
    return next((version.policy for version in versions if version.number == number), DEFAULT_POLICY)


def _since(base: int, versions: Sequence[PolicyVersion]) -> list[dict[str, object]]:
    """The versions that were saved after this one, with what each changed."""
    return [each for each in _history(versions) if each["number"] > base]  # type: ignore[operator]


def _history(versions: Sequence[PolicyVersion]) -> list[dict[str, object]]:
    """Every version with who, when, why and what, the newest first."""
    before = [version.policy for version in versions[1:]] + [DEFAULT_POLICY]
    return [
        {
            "number": version.number,
            "by": version.by or "somebody who is gone",
            "at": timezone.localtime(version.at),
            "reason": version.reason,
            "changes": changes_text(version.policy, earlier),
            "is_present": place == 0,
        }
        for place, (version, earlier) in enumerate(zip(versions, before, strict=False))
    ]


# --- The page --------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    workspace: Workspace,
    versions: Sequence[PolicyVersion],
    typed: PolicyTyped | None,
    *,
    since: Sequence[object] = (),
    back_to: str = "",
    reason: str = "",
    reason_error: str = "",
    status: int = 200,
) -> HttpResponse:
    present = workspace.policy
    texts = texts_of(present) if typed is None else typed.texts
    errors = {} if typed is None else typed.errors
    number = versions[0].number if versions else 0
    context = {
        "workspace": workspace,
        "others": [each for each in access.workspaces(request) if each.pk != workspace.pk],
        "number": number,
        "next_number": number + 1,
        "is_owner": workspace.role == Role.OWNER,
        "differs": len(differing(present)),
        "concepts": [
            (concept, [_threshold(name, texts[name], present, errors.get(name, "")) for name in concept.thresholds]) for concept in CONCEPTS
        ],
        "errors": [(name, NAMES[name], error) for name, error in errors.items()],
        "preview": _preview(request, workspace, typed.policy) if typed is not None and typed.policy is not None else None,
        "hidden": texts,
        "since": since,
        "is_conflict": status == 409,
        "back_to": back_to,
        "reason": reason,
        "longest_reason": REASON_LENGTH,
        "reason_error": reason_error,
        "history": _history(versions),
    }
    return render(request, "policy.html", context, status=status)


def _threshold(name: str, text: str, present: Policy, error: str) -> Threshold:
    parameter, value = PARAMETER[name], getattr(present, name)
    return Threshold(
        name=name,
        label=NAMES[name],
        text=text,
        unit=unit_of(name),
        default=value_text(name, parameter.default),
        differs=value != parameter.default,
        is_other=text != text_of(name, value),
        has_lines=measure_of(name) is Measure.BANDS,
        whose="ours" if parameter.source is None else parameter.source.author,
        key="" if parameter.source is None else parameter.source.key,
        why=parameter.why,
        error=error,
    )


def _preview(request: HttpRequest, workspace: Workspace, policy: Policy) -> dict[str, object]:
    """What this policy would turn over, in words; `changes` is empty where it is the one in force."""
    present = workspace.policy
    changed = differing(policy, present)
    if not changed:
        return {"changes": []}
    found = service.preview(workspace, policy, access.user_of(request))
    shown = found.turned[:MOST_SHOWN]
    names = service.names_of(shown)
    return {
        "sentence": _sentence(found),
        "changes": [
            {
                "name": group_name(group),
                "values": [
                    (NAMES[name] if len(group) > 1 else "", value_text(name, getattr(present, name)), value_text(name, changed[name]))
                    for name in group
                ],
                "decides": any(name in DECIDES or name in MOVES for name in group),
                "turns": turns,
            }
            for group, turns in found.alone
        ],
        "rows": [_row(each, names[each.scenario]) for each in shown if each.scenario in names],
        "turned": len(found.turned),
        "most": MOST_SHOWN,
    }


def _sentence(found: service.Preview) -> str:
    """ "7 of 112 segments change team, 3 change the advised owner." """
    turns, of = found.turns, f"{found.segments:,} segment{'' if found.segments == 1 else 's'}"
    if not found.segments:
        return "There is no segment yet whose advice could change."
    if not found.turned:
        return f"None of {of} changes team, owner or verdict." if found.segments > 1 else "The one segment keeps team, owner and verdict."
    counted = [(turns.team, "team"), (turns.owner, "the advised owner"), (turns.verdict, "the verdict")]
    told = [f"{number:,} change{'s' if number == 1 else ''} {what}" for number, what in counted if number]
    first, *others = told
    number, _, rest = first.partition(" ")
    return f"{number} of {of} {rest}{''.join(f', {other}' for other in others)}."


def _row(turned: service.Turned, name: service.Named) -> Row:
    before, after = _words(turned.before), _words(turned.after)
    changes = [(what, old, new) for (what, old), (_, new) in zip(before, after, strict=True) if old != new]
    scenario = "" if name.scenario == "Today" else f", {name.scenario}"
    return Row(turned.scenario, f"{name.company}, {name.segment}{scenario}", changes)


def _words(outcome: Outcome) -> list[tuple[str, str]]:
    return [
        ("Team", "open" if outcome.team is None else TEAM_NAMES[outcome.team]),
        ("Owner", OWNER_NAMES[outcome.owner]),
        ("Verdict", VERDICTS[outcome.ownership].lower()),
    ]
