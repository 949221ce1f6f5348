"""Plain functions that make stored objects; every default is explicit."""

from __future__ import annotations

from itertools import count

from advisor.models import Answer, Company, Membership, Origin, Role, Scenario, Segment, User, Workspace
from advisor.models.scenario import TODAY, AnswerValue

_numbers = count(1)


def make_user(name: str = "Ana", *, email: str = "") -> User:
    return User.objects.create_user(email or f"{name.lower()}{next(_numbers)}@example.com", name=name)


def make_workspace(name: str = "") -> Workspace:
    return Workspace.objects.create(name=name or f"Fund {next(_numbers)}")


def make_member(workspace: Workspace, role: Role = Role.EDITOR, *, name: str = "Ana") -> User:
    user = make_user(name)
    Membership.objects.create(workspace=workspace, user=user, role=role)
    return user


def make_company(workspace: Workspace, name: str = "Klaviyo") -> Company:
    return Company.objects.create(workspace=workspace, name=name, stage="Public", sector="Marketing")


def make_scenario(
    company: Company, *, segment: str = "Enterprise", name: str = TODAY, author: User | None = None, **answers: AnswerValue
) -> Scenario:
    """A scenario of the company's segment, with one answer a revision."""
    place, _ = Segment.objects.get_or_create(company=company, name=segment)
    scenario = Scenario.objects.create(segment=place, name=name, revision=len(answers))
    Answer.objects.bulk_create(
        Answer(scenario=scenario, question=question, value=value, origin=Origin.IMPORTED, revision=revision, author=author)
        for revision, (question, value) in enumerate(answers.items(), start=1)
    )
    return scenario


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
