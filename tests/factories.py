"""Plain functions that make stored objects; every default is explicit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from advisor.models import (
    Answer,
    Company,
    Level,
    Membership,
    Origin,
    PolicyVersion,
    Role,
    Scenario,
    Segment,
    Share,
    StoredAdvice,
    StoredNumbers,
    User,
    Workspace,
)
from advisor.models.scenario import TODAY, AnswerValue
from advisor.services.policy import save_version
from advisor.services.scenario import save_answers

_numbers = count(1)


def make_user(name: str = "Ana", *, email: str = "") -> User:
    return User.objects.create_user(email or f"{name.lower()}{next(_numbers)}@example.com", name=name)


def make_workspace(name: str = "") -> Workspace:
    return Workspace.objects.create(name=name or f"Fund {next(_numbers)}")


def make_member(workspace: Workspace, role: Role = Role.EDITOR, *, name: str = "Ana") -> User:
    user = make_user(name)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def share_with(company: Company, portfolio: Workspace, level: Level = Level.EVERYTHING) -> Share:
    return Share.objects.create(company=company, portfolio=portfolio, level=level)


def make_company(workspace: Workspace, name: str = "Klaviyo") -> Company:
    return Company.objects.create(workspace=workspace, name=name, stage="Public", sector="Marketing")


def make_scenario(
    company: Company,
    given: Mapping[str, AnswerValue] | None = None,
    *,
    segment: str = "Enterprise",
    name: str = TODAY,
    author: User | None = None,
    **more: AnswerValue,
) -> Scenario:
    """A scenario of the company's segment, with one answer a revision."""
    answers = {**(given or {}), **more}
    place, _ = Segment.objects.get_or_create(company=company, name=segment)
    scenario = Scenario.objects.create(segment=place, name=name, revision=len(answers))
    Answer.objects.bulk_create(
        Answer(scenario=scenario, question=question, value=value, origin=Origin.IMPORTED, revision=revision, author=author)
        for revision, (question, value) in enumerate(answers.items(), start=1)
    )
    return scenario


def read(scenario: Scenario) -> Scenario:
    """The scenario as it is stored now, with its place and its present answers."""
    return Scenario.objects.with_place().with_answers().get(pk=scenario.pk)


def values(scenario: Scenario) -> dict[str, AnswerValue]:
    """The present answers as they are stored, those taken back included."""
    return {name: answer.value for name, answer in read(scenario).present_answers().items()}


def say(author: User, scenario: Scenario, answers: Mapping[str, AnswerValue]) -> None:
    """Let this person give answers, one revision for all of them, on top of everything that is there."""
    fresh = read(scenario)
    saved = save_answers(fresh, answers, based_on=fresh.revision, author=author)
    assert saved.conflicts == {}


def set_policy(workspace: Workspace, *, author: User | None = None, reason: str = "Ours differ.", **thresholds: Any) -> PolicyVersion:
    """The workspace's next policy version: the one in force with these thresholds."""
    present = Workspace.objects.select_related("policy_version").get(pk=workspace.pk)
    policy = replace(present.policy, **thresholds)
    return save_version(present, policy, reason=reason, based_on=present.policy_version_id, author=author or make_user())


def make_it_old(scenario: Scenario) -> None:
    """Let every answer so far lie longer back than a gesture."""
    Answer.objects.filter(scenario=scenario).update(at=timezone.now() - 2 * Answer.GESTURE - timedelta(seconds=1))


def everything(*, but: type[Model] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours, so that a test can say that nothing was touched; but for what is computed of the rest.

    As the database has them: a thousand tests ask, and Django would take ten times as long to word what they ask for.
    """
    told = [model for model in apps.get_app_config("advisor").get_models() if model not in (StoredAdvice, StoredNumbers, but)]
    found = {}
    with connection.cursor() as cursor:
        for model in told:
            cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY {model._meta.pk.column}")  # noqa: S608  # names of ours
            columns = [column[0] for column in cursor.description]
            found[model.__name__] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


# The essay's different story: $30k that can become $1M, through another person in another department.
DIFFERENT_STORY: dict[str, AnswerValue] = {
    "acv": 30_000.0,
    "motion": 50.0,
    "potential_acv": 1_000_000.0,
    "years_to_potential": 4.0,
    "different_decision_maker": "yes",
    "different_department": "yes",
    "different_use_case": "yes",
    "higher_executive": "yes",
    "consultative": "no",
    "political": "no",
    "procurement": "no",
}

# What a file often holds: question 1 answered in two ways at once, figures with many digits, and what stands there today.
IMPORTED: dict[str, AnswerValue] = {
    "acv": 12_345.678,
    "motion": 62.5,
    "potential_acv": 87_654.32109,
    "years_to_potential": 2.125,
    "expansion_rate": 1 / 12,
    "gross_retention": 0.912_345_678_9,
    "grows_by_itself": "partly",
    "political": "no",
    "current_team": "ae_csm_support",
    "current_owner": "csm",
    "current_reason": "unknown",
    "lir_event": "the team's 2,000 messages, «déjà vu» & <more>",
    "lir_threshold": 2_000.0,
    "lir_window_days": 30.0,
    "lir_window": "first_days",
    "lir_rate": 0.615_384_615_4,
}

# Two ways in which accounts grow, with the share of the money of each.
TWO_WAYS: dict[str, AnswerValue] = {
    "acv": 30_000.0,
    "motion": 50.0,
    "first_sale_share": 0.1,
    "path_name": "More seats",
    "path_share": 2 / 3,
    "grows_by_itself": "yes",
    "path_name@2": "Another department",
    "path_share@2": 1 / 3,
    "different_department@2": "yes",
    "political@2": "partly",
}


def code_of(secret: str) -> str:
    """A second factor's code of now: the first that is taken is that of half a minute ago, and no longer once the next begins."""
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(secret, counters[len(counters) // 2])))
