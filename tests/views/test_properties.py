"""Whatever is sent, no form breaks and nothing is stored that is no answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.forms.scenario import ASKED
from advisor.models import Answer, Scenario
from tests.factories import DIFFERENT_STORY, TWO_WAYS, make_company, make_member, make_scenario, make_workspace, read, values
from tests.forms.test_scenario import is_in_range
from tests.views.pages import Screen, page_of, parts_of

pytestmark = pytest.mark.django_db

# The database is rolled back after each example, so that they do not depend on each other.
SENT = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

# What a browser can send: any character but the halves of pairs, which UTF-8 has no bytes for.
anything = st.text(st.characters(codec="utf-8"), max_size=300)
looks_like_an_answer = st.sampled_from(
    [
        "30k",
        "$1.5M",
        "6 %",
        "-5",
        "0",
        "1e9",
        "NaN",
        "100",
        "yes",
        "partly",
        "csam",
        "complex",
        "growth",
        "~7",
        "guess: 4",
        "n/a",
        "1,5",
        "",
        " ",
    ]
)
answers = st.dictionaries(st.sampled_from(list(ASKED)), anything | looks_like_an_answer, max_size=6)
beside = st.fixed_dictionaries(
    {},
    optional={
        "stop": anything | looks_like_an_answer,
        "keep": anything | st.sampled_from(["acv:1", "acv:²", ":", "political@2:3"]),
        "add_path": anything | st.sampled_from(["2", "3", "²", "6"]),
        "based_on": anything | st.sampled_from(["0", "3", "11"]),
        "change": anything,
        "name": anything,
    },
)


@pytest.fixture
def screen() -> Iterator[Screen]:
    cache.clear()
    workspace = make_workspace()
    client = Client()
    client.force_login(make_member(workspace))
    scenario = make_scenario(make_company(workspace), DIFFERENT_STORY | TWO_WAYS)
    yield Screen(client, scenario)
    cache.clear()


def stored(screen: Screen) -> dict[str, object]:
    return dict(values(Scenario.objects.get(pk=screen.address.split("/")[2])))


def assert_sound() -> None:
    """Every answer is one of its question, and every page that shows it can be shown."""
    odd = [(answer.question, answer.value) for answer in Answer.objects.all() if not is_in_range(answer.question, answer.value)]
    assert odd == []
    for scenario in Scenario.objects.all():
        read(scenario).advice()


@SENT
@given(answers, beside)
def test_no_form_breaks_and_nothing_odd_is_stored(screen: Screen, typed: dict[str, str], more: dict[str, str]) -> None:
    with transaction.atomic():
        before = stored(screen)
        response = screen.client.post(f"{screen.address}answers/", {"based_on": screen.revision, **typed, **more})
        assert response.status_code in (302, 400, 409, 422)
        assert_sound()
        if response.status_code != 302:
            assert stored(screen) == before
        if response.status_code == 422:
            assert page_of(response).one("title").text.startswith("Error: ")
        screen.client.get(screen.address)
        transaction.set_rollback(True)


@SENT
@given(answers, st.sampled_from(["", "verdict=1", "undo=1,flips=2,x=3"]))
def test_no_reply_to_script_breaks_and_nothing_odd_is_stored(screen: Screen, typed: dict[str, str], seen: str) -> None:
    with transaction.atomic():
        before = stored(screen)
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Revision": screen.revision, "X-Seen": seen}
        response = screen.client.post(f"{screen.address}answers/", typed, headers=headers)
        assert response.status_code in (200, 422)
        assert_sound()
        parts = parts_of(response)
        if response.status_code == 422:
            assert stored(screen) == before
            assert {f"e-{name}" for name in typed} >= parts.keys() != set()
        else:
            changed = {name for name, value in stored(screen).items() if value != before.get(name)}
            assert changed <= typed.keys()
        transaction.set_rollback(True)


@SENT
@given(anything)
def test_no_other_form_breaks(screen: Screen, text: str) -> None:
    company = Scenario.objects.get(pk=screen.address.split("/")[2]).segment.company_id
    with transaction.atomic():
        for address, name in (
            (f"{screen.address}undo/", "change"),
            (f"{screen.address}duplicate/", "name"),
            (f"/companies/{company}/", "name"),
            ("/companies/new/", "name"),
            ("/theme/", "next"),
            ("/theme/", "theme"),
            ("/import/", "previewed"),
        ):
            assert screen.client.post(address, {name: text}).status_code in (302, 400, 404, 422), address
        for address, name in (
            (f"{screen.address}compare/", "with"),
            (f"{screen.address}history/", "on"),
            (f"{screen.address}charts/coverage-map.json", "look"),
        ):
            assert screen.client.get(address, {name: text}).status_code in (200, 302, 422), address
        assert_sound()
        transaction.set_rollback(True)


@SENT
@given(st.data())
def test_the_whole_form_sent_again_changes_nothing(screen: Screen, data: st.DataObject) -> None:
    """Type anything into the form; what is then shown and sent as it stands is no change."""
    typed = data.draw(answers)
    with transaction.atomic():
        screen.client.post(f"{screen.address}answers/", {"based_on": screen.revision, **typed})
        before = stored(screen)
        scenario = Scenario.objects.get(pk=screen.address.split("/")[2])
        assert Screen(screen.client, scenario).submit().status_code == 302
        assert stored(screen) == before
        transaction.set_rollback(True)
