"""The rules, their thresholds, and where each comes from."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.framework.policy import PARAMETERS
from advisor.framework.policy_limits import NAMES
from advisor.framework.questions import QUESTIONS
from advisor.framework.sources import SOURCES
from advisor.models import Company, User, Workspace
from tests.factories import DIFFERENT_STORY, make_scenario, set_policy
from tests.views.pages import Screen, main_of, regions_shown, rows_of

pytestmark = pytest.mark.django_db


def test_the_thresholds_of_ones_own_workspaces_stand_beside_the_default(client: Client, workspace: Workspace, stranger: User) -> None:
    set_policy(stranger.memberships.get().workspace, small_share=0.2)
    assert "Fund has these." in main_of(client.get("/sources/")).text
    set_policy(workspace, small_share=0.4, hard_expansion=60.0)
    text = main_of(client.get("/sources/")).text
    assert "Fund has The first sale is small under 40 %; The expansion is hard from 60." in text
    assert "20 %" not in text


def test_every_source_threshold_and_question_is_there(client: Client) -> None:
    page = main_of(client.get("/sources/"))
    assert [entry["id"] for entry in page.all("div") if "id" in entry] == [source.key for source in SOURCES]
    thresholds, questions = page.all("table")
    assert [row[0] for row in rows_of(thresholds)] == [NAMES[parameter.name] for parameter in PARAMETERS]
    assert [row[2] for row in rows_of(questions)] == [question.column for question in QUESTIONS]
    assert all("" not in (row[1], row[3], row[4]) for row in rows_of(thresholds))


def test_every_step_of_the_advice_links_to_its_source(client: Client, company: Company) -> None:
    page = Screen(client, make_scenario(company, DIFFERENT_STORY)).page
    links = [link["href"] for link in page.one(id="why").all("a")]
    ids = [element["id"] for element in main_of(client.get("/sources/")) if "id" in element]
    assert links != []
    assert [link for link in links if link.removeprefix("/sources/#") not in ids] == []
    assert "why" in regions_shown(page, opened=True)
