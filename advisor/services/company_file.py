"""Taking a company file into a workspace: what it would change, and doing exactly that."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from math import isclose
from typing import Protocol, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from advisor.framework.questions import QUESTION, QUESTIONS, SHARE_QUESTIONS
from advisor.framework.scenario import SHARE_WAY, question_and_path
from advisor.models import Answer, Company, Membership, Origin, Role, Scenario, Segment, Standing, User, Workspace
from advisor.models.company_import import BASIS_LENGTH
from advisor.models.scenario import TODAY, AnswerValue
from advisor.services.accounts import oldest_open_account
from advisor.services.cell_text import GUESS_MARK
from advisor.services.rooms import hold_rooms, others_settled, rooms_changed

# What is said of a company and of a segment beside the answers: the field's name, and what files call it.
OF_COMPANY = {"stage": "stage", "sector": "sector"}
OF_SEGMENT = {"arr": "arr_usd", "note": "note"}
DETAILS = OF_COMPANY | OF_SEGMENT
DETAIL_NOUNS = {"stage": "the stage", "sector": "the sector", "arr": "the ARR", "note": "the note"}
# The columns of a company file, for those who read it and those who write it. A row is a scenario, of today where it does not say.
COLUMNS: tuple[str, ...] = (
    *("company", "segment", "scenario", *OF_COMPANY.values(), OF_SEGMENT["arr"]),
    *(question.column for question in QUESTIONS),
    OF_SEGMENT["note"],
)
SAME_NUMBER = 1e-12  # of a number: less than any file writes, and more than the noise of binary fractions
ADVICE_PREFIX = "advice_"  # columns of a file of ours that say what the advice was; reading passes them over
SHARED_BY = f"{ADVICE_PREFIX}shared_by"  # whose a row is where it is another workspace's; reading passes such a row over
OF_WORKSPACE = f"{ADVICE_PREFIX}workspace"  # whose a row is in a file of several workspaces of one's own; only its own takes it

ROWS_AT_ONCE = 2_000  # of an insert: enough to be quick, and little enough for every database
ANSWERS_AT_ONCE = 1_000  # of seven values each
INSERT_ANSWERS = (
    "INSERT INTO advisor_answer (scenario_id, question, value, origin, revision, author_id, at, page, undoes_id, workshop_id) VALUES"
)
ONE_ANSWER = "(%s, %s, %s, %s, %s, %s, %s, '', NULL, NULL)"
FEW = 50  # companies: so many are asked for by their keys, of more all that the workspace has are read
WRITTEN = (Company, Segment, Scenario, Answer)

Named = TypeVar("Named", Company, Segment, Scenario)
T = TypeVar("T")


# What this module needs of a file. Reading files is a matter of the forms, which services do not import.


class FileAnswer(Protocol):
    @property
    def value(self) -> AnswerValue: ...
    @property
    def is_guess(self) -> bool: ...


class FileRow(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def company(self) -> str: ...
    @property
    def segment(self) -> str: ...
    @property
    def scenario_name(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def sector(self) -> str: ...
    @property
    def arr(self) -> float | None: ...
    @property
    def answers(self) -> Mapping[str, FileAnswer]: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a row changes.

    Attributes:
        name: Name of a question, or of one of the DETAILS.
        before: What stood there, in stored units; None where nothing did.
        after: What will.
        is_guess: Whether the file marks it as a guess.
    """

    name: str
    before: AnswerValue
    after: AnswerValue
    is_guess: bool = False

    @property
    def column(self) -> str:
        """What files call it."""
        return QUESTION[self.name].column if self.name in QUESTION else DETAILS[self.name]

    @property
    def before_text(self) -> str:
        return _text(self.name, self.before)

    @property
    def after_text(self) -> str:
        return f"{GUESS_MARK if self.is_guess else ''}{_text(self.name, self.after)}"


def _text(name: str, value: AnswerValue) -> str:
    """A value in the unit of its column: 30,000; 6.5; yes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    per_unit = QUESTION[name].per_column_unit if name in QUESTION else 1.0
    return f"{value * per_unit:,.4f}".rstrip("0").rstrip(".")


def noun_of(name: str) -> str:
    """What a sentence calls an answer or one of the DETAILS: "the sales motion"; of another way to grow with its number."""
    if name in DETAIL_NOUNS:
        return DETAIL_NOUNS[name]
    question, path = question_and_path(name)
    noun = QUESTION[question].noun if question in QUESTION else f"the {question.replace('_', ' ')}"
    return noun if path == 1 else f"{noun} (way {path})"


def as_stored(name: str, value: AnswerValue) -> AnswerValue:
    """One of the DETAILS as its model keeps it: a text that is not known is empty."""
    return value if name == "arr" else value or ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of a file beside what is stored. A blank cell erases nothing, so it is no change.

    Attributes:
        number: The row as the spreadsheet counts.
        company: Name of the company, as the file spells it.
        segment: Name of the segment, as the file spells it.
        scenario: Name of the scenario, as the file spells it.
        standing: New where company, segment or scenario do not exist yet.
        changes: Everything that the row would write.
        based_on: A fingerprint of what stood there.
    """

    number: int
    company: str
    segment: str
    scenario: str
    standing: Standing
    changes: tuple[Change, ...]
    based_on: str

    def details(self, names: Collection[str]) -> list[tuple[str, AnswerValue]]:
        """The name and value of those of the DETAILS that the row would write."""
        return [(change.name, change.after) for change in self.changes if change.name in names]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would change in a workspace.

    Attributes:
        workspace: Where to.
        rows: In the order of the file.
    """

    workspace: Workspace
    rows: tuple[PlannedRow, ...]

    def count(self, standing: Standing) -> int:
        return sum(row.standing is standing for row in self.rows)

    @property
    def new(self) -> int:
        return self.count(Standing.NEW)

    @property
    def changed(self) -> int:
        return self.count(Standing.CHANGED)

    @property
    def unchanged(self) -> int:
        return self.count(Standing.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of one row.

    Attributes:
        number: The row as the spreadsheet counts.
        scenario: The scenario's key.
        revision: Which the row made of its answers; None where it left them.
        made_company: Whether the company is new.
        made_segment: Whether the segment is.
    """

    number: int
    scenario: int
    revision: int | None
    made_company: bool
    made_segment: bool


class Moved(Exception):
    """Somebody has changed what a plan speaks of since it was made; nothing is written."""


def plan_import(workspace: Workspace, rows: Sequence[FileRow]) -> ImportPlan:
    """What these rows would change, in four statements. Writes nothing."""
    stored = _Stored(workspace, [row.company for row in rows], [row.scenario_name for row in rows])
    return ImportPlan(workspace, tuple(_plan_row(stored, row) for row in rows))


def answers_after(workspace: Workspace, rows: Sequence[PlannedRow]) -> list[dict[str, AnswerValue]]:
    """The answers of the scenario of each row, by name and in stored units, as they are once it is imported; in four statements."""
    stored = _Stored(workspace, [row.company for row in rows], [row.scenario for row in rows])
    found = []
    for row in rows:
        scenario = stored.scenario(row.company, row.segment, row.scenario)
        changes = [change for change in row.changes if change.name in QUESTION]
        values: dict[str, AnswerValue] = {}
        if scenario is not None:
            values = {name: value for name, (value, _) in stored.answers.get(scenario.pk, {}).items()}
            changes += _way_that_no_longer_holds(stored, scenario, changes)
        found.append(values | {change.name: change.after for change in changes})
    return found


@transaction.atomic
def carry_out(plan: ImportPlan, author: User | None) -> list[Written]:
    """Write exactly what was planned, all of it or nothing. Raises Moved where anything that it was based on has changed since.

    `author` is None for the command line.
    """
    Workspace.objects.select_for_update().get(pk=plan.workspace.pk)  # one import at a time
    rows = plan.rows
    stored = _Stored(plan.workspace, [row.company for row in rows], [row.scenario for row in rows], is_locked=True)
    if any(stored.basis(row.company, row.segment, row.scenario) != row.based_on for row in rows):
        raise Moved
    try:
        with transaction.atomic():
            new_companies = _save_companies(stored, rows)
            new_segments = _save_segments(stored, rows)
            written = _save_answers(stored, rows, author, new_companies, new_segments)
    except IntegrityError as taken:  # a name that was free a moment ago, or a place that is gone
        raise Moved from taken
    if len(rows) > FEW:
        transaction.on_commit(_tell_how_many, robust=True)  # not before: other imports would wait for the lock of it until the commit
    return written


def _tell_how_many() -> None:
    """Have PostgreSQL count now what it counts by itself a minute later: until then it may take thousands of rows for one, and a statement
    that joins them then takes minutes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in WRITTEN)}")


class _Stored:
    """The companies and segments of a workspace with the answers of the scenarios that rows speak of, in four statements.

    `is_locked`: what is changed meanwhile waits, and then finds its base moved; that takes one more, and on PostgreSQL three. Raises Moved
    where a room has settled an answer before all was locked.
    """

    def __init__(self, workspace: Workspace, companies: Sequence[str], scenario_names: Sequence[str], *, is_locked: bool = False) -> None:
        self.workspace = workspace
        self.companies = _by_name(list(Company.objects.filter(workspace=workspace)))
        of_file = {company.pk for name in companies if (company := _named(self.companies, name)) is not None}
        of_company, of_segment = Q(workspace=workspace), Q(company__workspace=workspace)
        of_scenario = Q(segment__company__workspace=workspace)
        if len(of_file) <= FEW:
            of_company, of_segment, of_scenario = Q(pk__in=of_file), Q(company__in=of_file), Q(segment__company__in=of_file)
        places = Segment.objects.filter(of_segment)
        if is_locked:
            # By their keys, however many: a room of a company that no row speaks of goes on meanwhile. PostgreSQL takes so many.
            in_file = Scenario.objects.filter(segment__company__in=of_file)
            held = hold_rooms(in_file)
            self.companies = _by_name(list(Company.objects.select_for_update().filter(of_company).order_by("pk")))
            places = places.select_for_update(of=("self",))
        segments: dict[int, list[Segment]] = {}
        for segment in places:
            segments.setdefault(segment.company_id, []).append(segment)
        self.segments = {key: _by_name(found) for key, found in segments.items()}
        meant = Scenario.objects.filter(of_scenario)
        if all(name.casefold() == TODAY.casefold() for name in scenario_names):
            meant = meant.filter(name__iexact=TODAY)
        present = Answer.objects.filter(scenario__in=meant).present()
        if is_locked:
            meant = meant.select_for_update(of=("self",))
        scenarios: dict[int, list[Scenario]] = {}
        for scenario in meant:
            scenarios.setdefault(scenario.segment_id, []).append(scenario)
        if is_locked and others_settled(in_file, held):
            raise Moved
        self.scenarios = {key: _by_name(found) for key, found in scenarios.items()}
        self.answers: dict[int, dict[str, tuple[AnswerValue, str]]] = {}
        for key, question, value, origin in present.values_list("scenario_id", "question", "value", "origin"):
            self.answers.setdefault(key, {})[question] = (value, origin)

    def company(self, company: str) -> Company | None:
        return _named(self.companies, company)

    def segment(self, company: str, segment: str) -> Segment | None:
        found = self.company(company)
        return None if found is None else _named(self.segments.get(found.pk, {}), segment)

    def scenario(self, company: str, segment: str, scenario: str) -> Scenario | None:
        found = self.segment(company, segment)
        return None if found is None else _named(self.scenarios.get(found.pk, {}), scenario)

    def basis(self, company: str, segment: str, scenario: str) -> str:
        """A fingerprint of all that a row's changes depend on."""
        about, place, answers = self.company(company), self.segment(company, segment), self.scenario(company, segment, scenario)
        stood = (
            None if about is None else (about.pk, about.stage, about.sector),
            None if place is None else (place.pk, place.arr, place.note),
            None if answers is None else (answers.pk, answers.revision),
        )
        return sha256(repr(stood).encode()).hexdigest()[:BASIS_LENGTH]


def _by_name(found: list[Named]) -> dict[str, Named]:
    """By their names as they are, and by their names in any case."""
    return {each.name.casefold(): each for each in found} | {each.name: each for each in found}


def _named(found: dict[str, Named], name: str) -> Named | None:
    return found.get(name) or found.get(name.casefold())


def _plan_row(stored: _Stored, row: FileRow) -> PlannedRow:
    place = (row.company, row.segment, row.scenario_name)
    company, segment, scenario = stored.company(row.company), stored.segment(row.company, row.segment), stored.scenario(*place)
    changes = [
        *_detail_change("stage", None if company is None else company.stage, row.stage),
        *_detail_change("sector", None if company is None else company.sector, row.sector),
        *_detail_change("arr", None if segment is None else segment.arr, row.arr),
        *_answer_changes({} if scenario is None else stored.answers.get(scenario.pk, {}), row.answers),
        *_detail_change("note", None if segment is None else segment.note, row.note),
    ]
    standing = Standing.NEW if scenario is None else Standing.CHANGED if changes else Standing.UNCHANGED
    return PlannedRow(row.number, *place, standing, tuple(changes), stored.basis(*place))


def _detail_change(name: str, before: AnswerValue, after: AnswerValue) -> list[Change]:
    return [Change(name, before or None, after)] if after and not _is_same_value(before, after) else []


def _answer_changes(present: Mapping[str, tuple[AnswerValue, str]], given: Mapping[str, FileAnswer]) -> list[Change]:
    """The answers that differ from the present ones. One that a person, a room or a search gave stays theirs where the file agrees."""
    changes = []
    for name, answer in given.items():
        value, origin = present.get(name, (None, ""))
        is_theirs = origin in (Origin.TYPED, Origin.WORKSHOP, Origin.MEASURED)
        is_same = _is_same_value(value, answer.value) and (is_theirs or origin == _origin(is_guess=answer.is_guess))
        if not is_same:
            changes.append(Change(name, value, answer.value, answer.is_guess))
    return changes


def _is_same_value(before: AnswerValue, after: AnswerValue) -> bool:
    """A share of 1/12 does not come back from per cent to its last binary digit, and is the same all the same."""
    if isinstance(before, float | int) and isinstance(after, float | int):
        return isclose(before, after, rel_tol=SAME_NUMBER, abs_tol=SAME_NUMBER)
    return before == after


def _origin(*, is_guess: bool) -> Origin:
    return Origin.ASSUMED if is_guess else Origin.IMPORTED


def _save_companies(stored: _Stored, rows: Sequence[PlannedRow]) -> set[int]:
    """New companies, and stage and sector of those that are there. The keys of the new ones."""
    new: dict[str, Company] = {}
    changed: dict[str, dict[int, Company]] = {name: {} for name in OF_COMPANY}
    for row in rows:
        company = stored.company(row.company) or new.get(row.company.casefold())
        if company is None:
            company = new[row.company.casefold()] = Company(workspace=stored.workspace, name=row.company)
        for name, value in row.details(OF_COMPANY):
            setattr(company, name, value)
            if company.pk is not None:
                changed[name][company.pk] = company
    Company.objects.bulk_create(new.values(), batch_size=ROWS_AT_ONCE)
    for name, companies in changed.items():
        Company.objects.bulk_update(companies.values(), [name], batch_size=500)
    stored.companies |= _by_name(list(new.values()))
    return {company.pk for company in new.values()}


def _save_segments(stored: _Stored, rows: Sequence[PlannedRow]) -> set[int]:
    """New segments, and ARR and notes of those that are there. The keys of the new ones."""
    new: list[Segment] = []
    changed: dict[str, dict[int, Segment]] = {name: {} for name in OF_SEGMENT}
    for row in rows:
        company, segment = stored.company(row.company), stored.segment(row.company, row.segment)
        assert company is not None  # `_save_companies` has made it
        if segment is None:
            segment = Segment(company=company, name=row.segment)
            new.append(segment)
            stored.segments.setdefault(company.pk, {}).update(_by_name([segment]))  # the next row may be another scenario of it
        for name, value in row.details(OF_SEGMENT):
            setattr(segment, name, value)
            if segment.pk is not None:
                changed[name][segment.pk] = segment
    Segment.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    for name, segments in changed.items():
        Segment.objects.bulk_update(segments.values(), [name], batch_size=500)
    return {segment.pk for segment in new}


def _save_answers(
    stored: _Stored, rows: Sequence[PlannedRow], author: User | None, new_companies: set[int], new_segments: set[int]
) -> list[Written]:
    """One new revision of each scenario whose answers change, with one row an answer."""
    now = timezone.now()
    new: list[Scenario] = []
    raised: list[Scenario] = []
    written: list[tuple[PlannedRow, Scenario, list[Change]]] = []
    for row in rows:
        changes = [change for change in row.changes if change.name in QUESTION]
        scenario = stored.scenario(row.company, row.segment, row.scenario)
        if scenario is None:
            segment = stored.segment(row.company, row.segment)
            scenario = Scenario(segment=segment, name=row.scenario, created_at=now, changed_at=now)
            new.append(scenario)
        elif changes:
            scenario.revision += 1
            raised.append(scenario)
        written.append((row, scenario, changes))
    Scenario.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    rooms_changed(raised)
    for some in batched(raised):
        Scenario.objects.filter(pk__in=[scenario.pk for scenario in some]).update(revision=F("revision") + 1, changed_at=now)
    _insert_answers(
        [
            (scenario.pk, change, scenario.revision)
            for _, scenario, changes in written
            for change in (*changes, *_way_that_no_longer_holds(stored, scenario, changes))
        ],
        author,
        now,
    )
    has_answers = {scenario.pk for scenario in (*new, *raised)}
    return [
        Written(
            row.number,
            scenario.pk,
            scenario.revision if scenario.pk in has_answers else None,
            (company := stored.company(row.company)) is not None and company.pk in new_companies,
            scenario.segment_id in new_segments,
        )
        for row, scenario, _ in written
    ]


def _insert_answers(given: Sequence[tuple[int, Change, int]], author: User | None, now: datetime) -> None:
    """Answers, each with its scenario's key and the revision it makes.

    10,000 rows are 80,000 of them, and building a model row and its SQL for each takes ten times what the database does.
    """
    at, author_key = str(connection.ops.adapt_datetimefield_value(now)), None if author is None else author.pk
    with connection.cursor() as cursor:
        for some in batched(given, ANSWERS_AT_ONCE):
            values: list[str | int | None] = []
            for scenario, change, revision in some:
                value = None if change.after is None else json.dumps(change.after)
                values += (scenario, change.name, value, _origin(is_guess=change.is_guess).value, revision, author_key, at)
            cursor.execute(f"{INSERT_ANSWERS} {', '.join([ONE_ANSWER] * len(some))}", values)


def _way_that_no_longer_holds(stored: _Stored, scenario: Scenario, changes: Sequence[Change]) -> list[Change]:
    """A file says question 1 in the framework's own order, so a way that somebody chose on the page is taken back."""
    way, _ = stored.answers.get(scenario.pk, {}).get(SHARE_WAY, (None, ""))
    if way is None or not any(change.name in SHARE_QUESTIONS for change in changes):
        return []
    return [Change(SHARE_WAY, way, None)]


def batched(found: Sequence[T], size: int = ROWS_AT_ONCE) -> Iterator[Sequence[T]]:
    """In pieces of a size that every database takes the keys of."""
    return (found[start : start + size] for start in range(0, len(found), size))


def workspace_named(name: str) -> tuple[Workspace, bool]:
    """The workspace of this name in any case, and whether it was made just now; then the first user owns it."""
    found = Workspace.objects.filter(name__iexact=name).first()
    if found is not None:
        return found, False
    made = Workspace.objects.create(name=name)
    owner = oldest_open_account()
    if owner is not None:
        Membership.objects.create(workspace=made, user=owner, role=Role.OWNER)
    return made, True
