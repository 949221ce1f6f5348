"""Who may do what, at every address there is: an address that this table does not know fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from advisor.forms.company_file.table import read_table
from advisor.forms.company_import import read_import_rows
from advisor.models import (
    AuditEntry,
    Company,
    Import,
    ImportState,
    Invitation,
    Membership,
    Participant,
    Role,
    SavedView,
    Scenario,
    Segment,
    Topic,
    UsageSearch,
    User,
    Workshop,
    WorkshopStep,
    Workspace,
)
from advisor.services.audit import Actor
from advisor.services.company_import import commit, take
from advisor.services.invitation import invite
from advisor.services.participants import join
from advisor.services.scenario import last_change
from advisor.services.workshop import advance, open_workshop
from tests.factories import DIFFERENT_STORY, everything, make_company, make_member, make_scenario, make_workspace, values
from tests.searches import make_search
from tests.views.conftest import SignIn
from tests.views.pages import page_of, words_of

pytestmark = pytest.mark.django_db

SECRET = "Zebra"  # in every name of the other workspace
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
GET = ("GET", "HEAD")
POST = ("POST",)


@dataclass(frozen=True)
class Address:
    """One address: the methods it knows, and what they answer to an editor of the workspace it belongs to.

    Attributes:
        methods: Every other method is 405.
        read: Status of GET.
        sent: What an editor sends with POST.
        written: Status of that POST.
        of: What it belongs to: a `company` or a `scenario`, or to nobody in particular.
        to_write: Whether its POST is for editors and owners only.
        to_read: Who reads it: everybody signed in, editors and owners, or owners only.
        writers: Who of these may send it.
        has_own_part: Whether a page with a script gets its own part of the page back.
    """

    methods: tuple[str, ...]
    read: int = 200
    sent: Mapping[str, Any] = field(default_factory=dict)
    written: int = 302
    of: str = ""
    to_write: bool = True
    to_read: str = "members"
    writers: tuple[Role, ...] = (Role.EDITOR, Role.OWNER)
    has_own_part: bool = False


def led(sent: Mapping[str, Any]) -> Address:
    """What only who leads a workshop may do."""
    return Address((*GET, *POST), read=302, sent=sent, of="workshop", to_read="editors", has_own_part=True)


ADDRESSES: dict[str, Address] = {
    "home": Address(GET),
    "portfolio": Address(GET),
    "numbers-png": Address(GET, of="scenario"),
    "portfolio-numbers": Address(GET),
    "portfolio-numbers-csv": Address(GET),
    "portfolio-numbers-xlsx": Address(GET),
    "portfolio-csv": Address(GET),
    "portfolio-xlsx": Address(GET),
    "portfolio-picture": Address(GET),
    "compare-companies": Address(GET, read=422),  # which companies, it is told by a query: tests/views/test_company_comparison.py
    "compare-companies-picture": Address(GET, read=422),
    "compare-companies-file": Address(GET, read=422),
    "save-view": Address((*GET, *POST), sent={"name": "Misfits", "query": "fit=differs"}, to_read="editors"),
    "saved-view": Address((*GET, *POST), sent={"name": "Others"}, of="view", to_read="editors"),
    "remove-view": Address((*GET, *POST), read=302, of="view", to_read="editors"),
    "add-company": Address((*GET, *POST), sent={"name": "Attio"}, to_read="editors"),
    "company": Address((*GET, *POST), sent={"name": "Mid-market"}, of="company"),
    "company-details": Address((*GET, *POST), sent={"name": "Klaviyo Inc"}, of="company", to_read="editors"),
    "remove-company": Address((*GET, *POST), of="company", to_read="editors"),
    "company-sharing": Address(
        (*GET, *POST), sent={"code": "AAAA-BBBB-CCCC-DDDD", "level": "advice", "confirmed": "1"}, of="company", writers=(Role.OWNER,)
    ),
    "company-peers": Address(GET, of="company"),
    "company-png": Address(GET, of="company"),
    "company-figure": Address(GET, of="company"),
    "scenario": Address(GET, of="scenario"),
    "answers": Address((*GET, *POST), read=302, sent={"acv": "45k", "based_on": "11"}, of="scenario"),
    "live": Address(GET, of="scenario"),
    "undo": Address((*GET, *POST), read=302, sent={"change": "11"}, of="scenario"),
    "duplicate": Address((*GET, *POST), read=302, sent={"name": "Plan 2028"}, of="scenario"),
    "scenario-details": Address((*GET, *POST), sent={"scenario": "2028", "segment": "Large"}, of="scenario", to_read="editors"),
    "remove-scenario": Address((*GET, *POST), of="scenario", to_read="editors"),
    "open-workshop": Address((*GET, *POST), sent={"promise": "attributed", "scenarios": ""}, of="scenario", to_read="editors"),
    "workshop": Address(GET, of="workshop", to_read="editors"),
    "workshop-frame": Address(GET, of="workshop", to_read="editors"),
    "workshop-own": Address(GET, of="workshop", to_read="editors"),
    "workshop-move": led({"move": "confirmed", "seen": "2"}),
    "workshop-settle": led({"acv": "45k", "seen": "2", "based_on": "11"}),
    "workshop-note": led({"step": "", "notes": "Ask Ben first"}),
    "workshop-timer": led({"minutes": "5"}),
    "workshop-park": led({"text": "Partners"}),
    "workshop-screen": led({}),
    "workshop-hand-over": led({"leader": ""}),
    "workshop-take-over": Address((*GET, *POST), read=302, of="workshop", to_read="editors"),
    "workshop-add": led({"name": "Olga"}),
    "participant": Address((*GET, *POST), sent={"name": "Benedikt"}, of="workshop", to_read="editors"),
    "participant-answer": Address((*GET, *POST), read=302, sent={"round": "1", "acv": "9k"}, of="workshop", to_read="editors"),
    "participant-remove": Address((*GET, *POST), read=302, of="workshop", to_read="editors"),
    "workshop-propose": Address((*GET, *POST), read=302, sent={"step": "", "statement": "Specialize."}, of="workshop", to_read="editors"),
    "workshop-record": Address((*GET, *POST), read=302, sent={"seen": "2"}, of="workshop", to_read="editors"),
    "readout": Address(GET, of="workshop", to_read="editors"),
    "readout-png": Address(GET, of="workshop", to_read="editors"),
    "workshop-share": Address((*GET, *POST), read=302, of="workshop", to_read="editors"),
    "workshop-withdraw": Address((*GET, *POST), read=302, of="workshop", to_read="editors"),
    "compare": Address(GET, of="scenario"),
    "numbers": Address((*GET, *POST), of="scenario", sent={"query": "accounts=40", "based_on": "0"}),
    "lir": Address(GET, of="scenario"),
    "lir-upload": Address((*GET, *POST), read=302, sent={"file": b"customer,start,renewed\n", "found": ""}, of="scenario"),
    "lir-cancel": Address((*GET, *POST), read=302, sent={"found": ""}, of="scenario"),
    "lir-again": Address((*GET, *POST), read=302, sent={"found": "", "listed": "1", "without": "0"}, of="scenario"),
    "lir-delete": Address((*GET, *POST), read=302, sent={"found": ""}, of="scenario"),
    "lir-use": Address((*GET, *POST), read=302, sent={"found": "", "based_on": "11"}, of="scenario"),
    "lir-sample": Address(GET),
    "pay": Address((*GET, *POST), of="scenario", sent={"query": "coasting_ae=1&coasting_ae=2&coasting_ae=3", "based_on": "0"}),
    "pay-plan": Address(GET, of="scenario"),
    "pay-plan-pdf": Address(GET, of="scenario"),
    "pay-png": Address(GET, of="scenario"),
    "pay-figure": Address(GET, of="scenario"),
    "history": Address(GET, of="scenario"),
    "scenario-png": Address(GET, of="scenario"),
    "scenario-figure": Address(GET, of="scenario"),
    "upload": Address((*GET, *POST), sent={"file": b"company,segment,acv_usd\nAttio,A,30k\n"}),
    "upload-template": Address(GET),
    "workspace-sharing": Address((*GET, *POST), of="workspace", writers=(Role.OWNER,)),
    "audit": Address(GET, of="workspace", to_read="owners"),
    "sharing": Address(GET, read=302),
    "imports": Address(GET, to_read="editors"),
    "import": Address(GET, of="import", to_read="editors"),
    "import-columns": Address(
        (*GET, *POST), sent={"column-1": "company", "column-2": "segment", "column-3": "acv_usd"}, of="import", to_read="editors"
    ),
    "import-row": Address((*GET, *POST), read=302, sent={"cell-2-acv_usd": "40k"}, of="import", to_read="editors"),
    "import-leave-out": Address((*GET, *POST), read=302, of="import", to_read="editors"),
    "import-commit": Address((*GET, *POST), read=302, sent={"seen": "1"}, of="import", to_read="editors"),
    "import-undo": Address((*GET, *POST), read=302, of="done import", to_read="editors"),
    "import-discard": Address((*GET, *POST), read=302, of="import", to_read="editors"),
    "tokens": Address((*GET, *POST), sent={"name": "Nightly", "scope": "read", "days": "90"}, written=200, to_write=False),
    "api": Address(GET),
    "policies": Address(GET, read=302),
    "policy": Address((*GET, *POST), sent={"small_share": "40", "reason": "Ours grow late"}, of="workspace", writers=(Role.OWNER,)),
    "sources": Address(GET),
    "own-members": Address(GET, read=302),
    "add-workspace": Address((*GET, *POST), sent={"workspace_name": "Attio", "workspace_kind": "company"}, to_write=False),
    "members": Address((*GET, *POST), sent={"role": "viewer", "email": ""}, written=200, of="workspace", writers=(Role.OWNER,)),
    "member": Address((*GET, *POST), read=302, sent={"role": "owner"}, of="workspace", to_read="owners", writers=(Role.OWNER,)),
    "leave-workspace": Address((*GET, *POST), of="workspace", to_write=False),
    "revoke-invitation": Address((*GET, *POST), read=302, of="workspace", to_read="owners", writers=(Role.OWNER,)),
    "account": Address((*GET, *POST), sent={"name": "Ana Li"}, to_write=False),
    # What belongs to the visitor alone: nobody here has a password, or a second factor. See test_people.py.
    "account_email": Address((*GET, *POST), to_write=False),
    "account_change_password": Address((*GET, *POST), read=302, to_write=False),
    "account_set_password": Address((*GET, *POST), to_write=False),
    "account_reauthenticate": Address((*GET, *POST), read=302, to_write=False),
    "mfa_reauthenticate": Address((*GET, *POST), read=302, to_write=False),
    "mfa_index": Address(GET),
    "mfa_activate_totp": Address((*GET, *POST), read=302, to_write=False),
    "mfa_deactivate_totp": Address((*GET, *POST), read=404, to_write=False),
    "mfa_view_recovery_codes": Address(GET, read=404),
    "mfa_generate_recovery_codes": Address((*GET, *POST), read=302, to_write=False),
    "mfa_download_recovery_codes": Address(GET, read=404),
}
# No sign-in needed; each has its own tests.
OPEN_TO_ALL = {
    *("sign-in-by-link", "theme", "join", "screen", "screen-frame"),
    *("account_login", "account_logout", "account_signup", "account_inactive", "mfa_authenticate", "invitation"),
    *("account_email_verification_sent", "account_confirm_email"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("room", "room-frame", "room-own", "room-answer", "room-park", "room-device", "room-seat"),
    *("room-vote", "room-readout", "room-readout-png", "shared-readout", "shared-readout-png"),
    "api-door",  # opened by a token: tests/api/test_access.py walks every address behind it
}
# Drawn by a browser; tests/views/test_charts.py, test_portfolio_picture.py, test_numbers.py and test_pay.py ask for one.
PICTURES = {"company-png", "scenario-png", "readout-png", "portfolio-picture", "numbers-png", "pay-png", "pay-plan-pdf"}
# The round is revealed already, the vote is not, the search has ended: tests/views/test_workshop.py, test_decision.py, test_lir.py.
CHANGE_NOTHING = {"participant-answer", "workshop-record", "lir-cancel"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")

KNOWN = pytest.mark.parametrize("name", [name for name in ADDRESSES if name not in PICTURES])
OWNED = pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if address.of])
WRITING = pytest.mark.parametrize("name", [name for name, address in ADDRESSES.items() if "POST" in address.methods and address.to_write])
WAYS: tuple[dict[str, str], ...] = ({}, HTMX)  # as a page asks, and as its script does
BOTH_WAYS = pytest.mark.parametrize("headers", WAYS, ids=["page", "htmx"])
ODD_KEYS = ("0", "9223372036854775808", "9" * 40, "9" * 5_000, "-1", "1e3", "%00", "٣", "1%0a")


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def workshop_of(scenario: Scenario) -> int:
    found = Workshop.objects.filter(steps__scenario=scenario.pk).values_list("pk", flat=True).first()
    return 987_654_321 if found is None else found


def view_beside(scenario: Scenario) -> int:
    """A saved view of the scenario's workspace."""
    found = SavedView.objects.filter(workspace__companies=scenario.segment.company_id).values_list("pk", flat=True).first()
    return 987_654_321 if found is None else found


def workspace_of(scenario: Scenario) -> int:
    found = Company.objects.filter(pk=scenario.segment.company_id).values_list("workspace", flat=True).first()
    return 987_654_321 if found is None else found


def member_beside(scenario: Scenario) -> int:
    """Somebody of the scenario's workspace."""
    found = Membership.objects.filter(workspace__companies=scenario.segment.company_id).values_list("pk", flat=True).first()
    return 987_654_321 if found is None else found


def invitation_beside(scenario: Scenario) -> int:
    """An open invitation into the scenario's workspace."""
    found = Invitation.objects.filter(workspace__companies=scenario.segment.company_id).values_list("pk", flat=True).first()
    return 987_654_321 if found is None else found


def import_beside(scenario: Scenario, state: str) -> int:
    """An import into the scenario's workspace."""
    beside = Import.objects.filter(workspace__companies=scenario.segment.company_id, state=state)
    found = beside.values_list("pk", flat=True).first()
    return 987_654_321 if found is None else found


def import_beside_it(scenario: Scenario, author: User, *, name: str = "") -> None:
    """Import a table beside a scenario, and preview another one."""
    workspace, name = scenario.segment.company.workspace, name or f"{scenario.segment.company} imported"
    table = read_table(f"company,segment,acv_usd\n{name},A,30k\n".encode())
    assert table.header
    for _ in range(2):
        settled: dict[str, Any] = {"columns": table.header.cells, "is_settled": True, "decimal_comma": False, "notices": ()}
        found = take(workspace, author, f"{name}.csv", table.header.cells, table.rows, **settled, read=read_import_rows)
        if found.counts["new"]:
            commit(found, seen=found.version, by=Actor(author))


def person_in(workshop: int) -> int:
    found = Participant.objects.filter(workshop=workshop).values_list("pk", flat=True).first()
    return 987_654_321 if found is None else found


def in_a_workshop(scenario: Scenario, facilitator: User) -> None:
    """Open a workshop with somebody in it, at the reveal of its first question."""
    workshop = open_workshop([scenario], facilitator)
    join(workshop, f"{SECRET} person" if scenario.name.startswith(SECRET) else "Ben")
    for seen in (0, 1):
        advance(workshop, seen=seen, is_confirmed=True)


def chart_of(name: str) -> str:
    """A chart that the address of this name has."""
    return {"pay": "pay-by-month", "numbers": "teams"}.get(name.partition("-")[0], "coverage-map")


def address_of(name: str, scenario: Scenario) -> str:
    keys = {
        "workspace": workspace_of(scenario),
        "company": scenario.segment.company_id,
        "scenario": scenario.pk,
        "workshop": workshop_of(scenario),
        "view": view_beside(scenario),
        "import": import_beside(scenario, ImportState.PREVIEWED),
        "done import": import_beside(scenario, ImportState.COMMITTED),
    }
    arguments: dict[str, Any] = {}
    if ADDRESSES[name].of:
        arguments["pk"] = keys[ADDRESSES[name].of]
    if name == "member":
        arguments["member"] = member_beside(scenario)
    if name == "revoke-invitation":
        arguments["invitation"] = invitation_beside(scenario)
    if name.startswith("participant"):
        arguments["person"] = person_in(workshop_of(scenario))
    if name.endswith(("-png", "-figure")):
        arguments["chart"] = chart_of(name)
    if name == "import-row":
        arguments["number"] = 2
    if name == "readout-png":
        arguments["scenario"] = scenario.pk
    return reverse(name, kwargs=arguments)


def send(client: Client, method: str, name: str, scenario: Scenario, headers: Mapping[str, str] | None = None) -> Any:
    """Ask with the body by which an editor succeeds."""
    sent = dict(ADDRESSES[name].sent)
    if "file" in sent:
        sent["file"] = SimpleUploadedFile("companies.csv", sent["file"])
    if "change" in sent:
        sent["change"] = "".join(str(answer.revision) for answer in last_change(scenario)[:1])
    if "scenarios" in sent:
        sent["scenarios"] = str(scenario.pk)
    if "step" in sent:
        votes = WorkshopStep.objects.filter(workshop=workshop_of(scenario), topic=Topic.DECISION)
        sent["step"] = str(votes.values_list("pk", flat=True).first())
    if "found" in sent:
        sent["found"] = "".join(found.version for found in UsageSearch.objects.filter(scenario=scenario.pk))
    if "leader" in sent:
        members = Membership.objects.filter(workspace__companies__pk=scenario.segment.company_id, role=Role.EDITOR)
        sent["leader"] = str(members.values_list("user", flat=True).first())
    if method == "POST":
        return client.post(address_of(name, scenario), sent, headers=dict(headers or {}))
    return client.generic(method, address_of(name, scenario), headers=dict(headers or {}))


@pytest.fixture
def scenario(company: Company, ana: User) -> Scenario:
    """Eleven answers, and another scenario beside it, so that every page has all of its parts."""
    scenario = make_scenario(company, DIFFERENT_STORY)
    make_scenario(company, name="Plan 2028", acv=90_000.0)
    in_a_workshop(scenario, ana)
    SavedView.objects.create(workspace=company.workspace, name="Near a border", query="near=near")
    portfolio = make_workspace("Seed Fund")
    Workspace.objects.filter(pk=portfolio.pk).update(share_code="AAAA-BBBB-CCCC-DDDD")
    invite(company.workspace, ana, Role.VIEWER)
    import_beside_it(scenario, ana)
    make_search(scenario, author=ana)
    return scenario


@pytest.fixture
def theirs(stranger: User) -> Scenario:
    """A scenario of another workspace, whose every text holds the secret."""
    company = make_company(stranger.memberships.get().workspace, f"{SECRET} Inc")
    scenario = make_scenario(company, segment=f"{SECRET} segment", name=f"{SECRET} plan", acv=77_777.0, lir_event=f"{SECRET} event")
    in_a_workshop(scenario, stranger)
    SavedView.objects.create(workspace=company.workspace, name=f"{SECRET} view", query=f"q={SECRET}")
    invite(company.workspace, stranger, Role.VIEWER, f"{SECRET}@example.com")
    import_beside_it(scenario, stranger)
    make_search(scenario, author=stranger, usage_name=f"{SECRET}.csv")
    return scenario


# --- The table is whole --------------------------------------------------------------------------


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in patterns(get_resolver())} == {*ADDRESSES, *OPEN_TO_ALL}


def test_only_these_views_need_no_sign_in() -> None:
    is_open = {pattern.name for pattern in patterns(get_resolver()) if not getattr(pattern.callback, "login_required", True)}
    assert is_open == OPEN_TO_ALL


# --- Who comes in --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_visitor_who_is_not_signed_in_is_sent_to_sign_in(name: str, scenario: Scenario) -> None:
    before = everything()
    for method, headers in product(("GET", "POST"), WAYS):
        response = send(Client(), method, name, scenario, headers)
        found = (method, headers, response.status_code, response["Location"])
        assert found == (method, headers, 302, f"/sign-in/?next={address_of(name, scenario)}")
    assert everything() == before


@KNOWN
def test_an_editor_reads(name: str, client: Client, scenario: Scenario) -> None:
    address = ADDRESSES[name]
    expected = 405 if "GET" not in address.methods else 403 if address.to_read == "owners" else address.read
    assert send(client, "GET", name, scenario).status_code == expected


@KNOWN
def test_a_viewer_reads(name: str, vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    address = ADDRESSES[name]
    expected = 405 if "GET" not in address.methods else address.read if address.to_read == "members" else 403
    assert send(sign_in(vera), "GET", name, scenario).status_code == expected


@WRITING
@BOTH_WAYS
@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
def test_an_editor_and_an_owner_write(
    name: str, headers: dict[str, str], role: Role, workspace: Workspace, sign_in: SignIn, scenario: Scenario
) -> None:
    member = make_member(workspace, role)
    browser = sign_in(member)
    Workshop.objects.update(facilitator=member)
    before = everything()
    response = send(browser, "POST", name, scenario, headers)
    if role not in ADDRESSES[name].writers:
        assert (response.status_code, everything() == before) == (403, True)
        return
    takes_regions = bool(headers) and (name in ("answers", "undo") or ADDRESSES[name].has_own_part)
    assert response.status_code == (200 if takes_regions else ADDRESSES[name].written)
    assert (everything() == before) == (name in CHANGE_NOTHING)


@WRITING
def test_a_viewer_does_not_write(name: str, vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    browser = sign_in(vera)
    before = everything()
    assert [send(browser, "POST", name, scenario, headers).status_code for headers in WAYS] == [403] * len(WAYS)
    assert everything() == before


@OWNED
def test_what_belongs_to_another_workspace_does_not_exist(name: str, client: Client, theirs: Scenario) -> None:
    for method, headers in product(METHODS, WAYS):
        before = everything()
        response = send(client, method, name, theirs, headers)
        expected = 404 if method in ADDRESSES[name].methods else 405
        assert (method, headers, response.status_code) == (method, headers, expected)
        assert SECRET not in response.content.decode() + str(response.headers)
        assert everything() == before, (method, headers)


@OWNED
def test_what_never_existed_answers_as_what_belongs_to_another(name: str, client: Client, theirs: Scenario) -> None:
    nothing = Scenario(pk=987_654_321, segment=Segment(company=Company(pk=987_654_321, workspace_id=987_654_321)))
    for method in ("GET", "POST"):
        foreign, missing = send(client, method, name, theirs), send(client, method, name, nothing)
        assert (method, missing.status_code) == (method, foreign.status_code)
        if foreign.status_code == 404:
            assert page_of(missing).text == page_of(foreign).text


@OWNED
def test_an_odd_key_is_404(name: str, client: Client, scenario: Scenario) -> None:
    _, kind, _, rest = address_of(name, scenario).split("/", 3)
    for key in ODD_KEYS:
        odd = f"/{kind}/{key}/{rest}"
        assert (key, client.get(odd).status_code) == (key, 404)
        assert client.post(odd).status_code in (404, 405), key


@OWNED
def test_somebody_who_is_no_longer_a_member_finds_nothing(name: str, client: Client, ana: User, scenario: Scenario) -> None:
    assert client.get("/").status_code == 200
    Membership.objects.filter(user=ana).delete()
    for method in ("GET", "POST"):
        expected = 404 if method in ADDRESSES[name].methods else 405
        assert send(client, method, name, scenario).status_code == expected


@WRITING
def test_an_editor_who_became_a_viewer_does_not_write(name: str, client: Client, ana: User, scenario: Scenario) -> None:
    assert client.get("/").status_code == 200
    Membership.objects.filter(user=ana).update(role=Role.VIEWER)
    before = everything()
    assert send(client, "POST", name, scenario).status_code == 403
    assert everything() == before


def test_a_member_of_two_workspaces_has_the_role_of_each(ana: User, theirs: Scenario, scenario: Scenario, client: Client) -> None:
    Membership.objects.create(user=ana, workspace=theirs.segment.company.workspace, role=Role.VIEWER)
    assert [send(client, "GET", "scenario", place).status_code for place in (scenario, theirs)] == [200, 200]
    assert [send(client, "POST", "duplicate", place).status_code for place in (scenario, theirs)] == [302, 403]


# --- What changes what ---------------------------------------------------------------------------


@KNOWN
def test_reading_changes_nothing(name: str, client: Client, scenario: Scenario) -> None:
    query = "?acv=1&based_on=11&name=New&change=11&previewed=x&theme=dark&with=1&on=2026-05-31"
    for method, headers in product(("GET", "HEAD", "OPTIONS"), WAYS):
        before = everything(but=AuditEntry)  # which says that something was exported
        client.generic(method, address_of(name, scenario) + query, headers=headers)
        assert everything(but=AuditEntry) == before, (method, headers)


@pytest.mark.parametrize("name", ADDRESSES)
def test_other_methods_are_refused(name: str, client: Client, scenario: Scenario) -> None:
    before = everything()
    for method in sorted({*METHODS} - {*ADDRESSES[name].methods}):
        assert (method, client.generic(method, address_of(name, scenario)).status_code) == (method, 405)
    assert everything() == before


@pytest.mark.parametrize("name", [*(name for name, address in ADDRESSES.items() if "POST" in address.methods), "theme", "account_login"])
def test_a_post_without_the_token_is_refused(name: str, ana: User, scenario: Scenario) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    before = everything()
    address = address_of(name, scenario) if name in ADDRESSES else reverse(name)
    sent = dict(ADDRESSES[name].sent) if name in ADDRESSES else {}
    assert [client.post(address, sent, headers=headers).status_code for headers in WAYS] == [403] * len(WAYS)
    assert everything() == before


def test_a_post_with_the_token_in_a_header_as_htmx_sends_it_succeeds(ana: User, scenario: Scenario) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    client.get(address_of("scenario", scenario))
    token = client.cookies["csrftoken"].value
    response = send(client, "POST", "answers", scenario, HTMX | {"X-CSRFToken": token})
    assert (response.status_code, values(scenario)["acv"]) == (200, 45_000.0)


# --- Keys in bodies and queries ------------------------------------------------------------------


def test_a_company_cannot_be_added_to_another_workspace(client: Client, ana: User, theirs: Scenario) -> None:
    foreign = theirs.segment.company.workspace
    before = everything()
    Membership.objects.create(user=ana, workspace=make_workspace("Second"), role=Role.EDITOR)  # so that a workspace is asked for
    response = client.post("/companies/new/", {"name": "Attio", "workspace": foreign.pk})
    assert response.status_code == 422
    assert SECRET not in response.content.decode()
    assert everything()["Company"] == before["Company"]


def test_a_foreign_workspace_in_the_body_is_not_asked_for_and_not_used(client: Client, workspace: Workspace, theirs: Scenario) -> None:
    client.post("/companies/new/", {"name": "Attio", "workspace": theirs.segment.company.workspace_id})
    assert Company.objects.get(name="Attio").workspace == workspace


@pytest.mark.parametrize("key", ["", "x", "-1", "٣", "9" * 40, "9" * 5_000])
def test_an_odd_workspace_in_the_body_adds_nothing(key: str, client: Client, ana: User) -> None:
    Membership.objects.create(user=ana, workspace=make_workspace("Second"), role=Role.EDITOR)
    assert client.post("/companies/new/", {"name": "Attio", "workspace": key}).status_code == 422
    assert not Company.objects.exists()


def test_a_file_cannot_be_taken_into_another_workspace(client: Client, ana: User, theirs: Scenario) -> None:
    Membership.objects.create(user=ana, workspace=make_workspace("Second"), role=Role.EDITOR)
    before = everything()
    file = SimpleUploadedFile("companies.csv", b"company,segment,acv_usd\nAttio,A,30k\n")
    response = client.post("/import/", {"file": file, "workspace": theirs.segment.company.workspace_id})
    assert response.status_code == 422
    assert SECRET not in response.content.decode()
    assert everything() == before


def test_comparing_with_a_scenario_of_another_workspace_compares_with_ones_own(
    client: Client, scenario: Scenario, theirs: Scenario
) -> None:
    own = client.get(address_of("compare", scenario)).content
    foreign = client.get(address_of("compare", scenario), {"with": theirs.pk})
    assert foreign.status_code == 200
    assert SECRET not in foreign.content.decode()
    assert len(foreign.content) == len(own)


def test_the_pages_of_one_workspace_hold_nothing_of_another(client: Client, scenario: Scenario, theirs: Scenario, stranger: User) -> None:
    for name, address in ADDRESSES.items():
        if "GET" in address.methods and name not in PICTURES:
            response = send(client, "GET", name, scenario)
            assert SECRET not in words_of(response), name
    assert Client().get("/sign-in/").status_code == 200
    assert theirs.segment.company.workspace.memberships.get().user == stranger
