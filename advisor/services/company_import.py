"""An import from its table to its undoing: taken in, looked at, mended, committed as it was previewed, undone as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import Count, F, Manager, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from advisor.framework.questions import QUESTION
from advisor.models import (
    Answer,
    Company,
    Import,
    ImportRow,
    ImportState,
    KeptAssumptions,
    Scenario,
    Segment,
    Share,
    Standing,
    UsageSearch,
    User,
    Workshop,
    WorkshopStep,
    Workspace,
)
from advisor.models.audit import Kind
from advisor.models.company import NAME_LENGTH
from advisor.models.company_import import OPEN, SOURCE_LENGTH
from advisor.models.scenario import AnswerValue
from advisor.services.audit import Actor, record, record_of_companies
from advisor.services.company_file import (
    DETAILS,
    OF_COMPANY,
    OF_SEGMENT,
    ROWS_AT_ONCE,
    Change,
    FileRow,
    ImportPlan,
    PlannedRow,
    Written,
    as_stored,
    batched,
    carry_out,
    noun_of,
    plan_import,
)
from advisor.services.rooms import Overtaken, Refused, hold_rooms, others_settled, rooms_changed

LONGEST_MENDED = 10_000  # characters of a cell; more than any column takes, so that a longer one stays wrong
SETTLED_MEANWHILE = "A workshop has settled an answer at the same moment, so nothing was undone. Look at it again, then undo."
MOST_NAMED = 20  # of what stands in the way of undoing; more are counted
HALF_CHARACTERS = re.compile("[\ud800-\udfff]")
NO_CHARACTER = "\uffff"  # in the place of half a one, which no database keeps; its cell is wrong all the same

Place = TypeVar("Place", Company, Segment)


class TableRow(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def cells(self) -> Sequence[str]: ...
    @property
    def problem(self) -> str: ...
    @property
    def oddities(self) -> Mapping[int, str]: ...


class Finding(Protocol):
    @property
    def column(self) -> str: ...
    @property
    def words(self) -> str: ...


class ReadRow(Protocol):
    @property
    def row(self) -> FileRow: ...
    @property
    def errors(self) -> Sequence[Finding]: ...


# Reading cells is a matter of the forms, which services do not import: rows of an import, in its order, become rows that were read.
Reader = Callable[[Import, Sequence[ImportRow]], Sequence[ReadRow]]


class NotUndone(Refused):
    """Something was changed since the import; nothing is undone. `names` says what, `more` how many are not named."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("Somebody has changed this since the import, so nothing was undone.")
        self.names = list(names[:MOST_NAMED])
        self.more = len(names) - len(self.names)


# --- In ------------------------------------------------------------------------------------------


@transaction.atomic
def take(
    workspace: Workspace,
    author: User | None,
    source: str,
    headings: Sequence[str],
    rows: Sequence[TableRow],
    *,
    columns: Sequence[str],
    is_settled: bool,
    decimal_comma: bool,
    notices: Sequence[str],
    read: Reader,
) -> Import:
    """Keep a table that was read. Where its columns are settled, it is previewed at once; else somebody chooses them first."""
    Import.objects.all().forgotten().delete()
    found = Import.objects.create(
        workspace=workspace,
        author=author,
        source=source[:SOURCE_LENGTH],
        headings=[_storable(cell) for cell in headings],
        columns=list(columns),
        decimal_comma=decimal_comma,
        notices=list(notices),
    )
    kept = [
        ImportRow(
            company_import=found,
            number=row.number,
            cells=[_storable(cell) for cell in row.cells],
            oddities={str(place): what for place, what in row.oddities.items()},
            problem=row.problem,
        )
        for row in rows
    ]
    if is_settled:
        _work_out(found, kept, read)
        found.state = ImportState.PREVIEWED
    ImportRow.objects.bulk_create(kept, batch_size=ROWS_AT_ONCE)
    _count(found)
    return found


def _storable(text: str) -> str:
    """A text as every database keeps it: PostgreSQL takes no NUL."""
    return HALF_CHARACTERS.sub(NO_CHARACTER, text.replace("\x00", ""))


@transaction.atomic
def choose_columns(found: Import, columns: Sequence[str], read: Reader) -> None:
    """Preview every row anew under these columns; rows that were left out are taken in again, since they may be right now."""
    _lock(found)
    found.columns = list(columns)
    found.state = ImportState.PREVIEWED
    rows = list(found.rows.all())
    for row in rows:
        row.is_left_out = False
    _replace(found, rows, read)


@transaction.atomic
def show_anew(found: Import, read: Reader) -> None:
    """Work every row out again, and mark those that would do something else, or to something else, than was shown."""
    _lock(found)
    rows = list(found.rows.all())
    before = {row.number: row.based_on for row in rows}
    _work_out(found, rows, read)
    for row in rows:
        row.is_moved = row.based_on != before[row.number]
    _write(found, rows)


# What was typed into the cells of a page: texts by the number of the row and our column.
Typed = Mapping[int, Mapping[str, str]]


@transaction.atomic
def mend(found: Import, number: int, typed: Typed, read: Reader, *, is_whole_row: bool = True) -> bool:
    """Put what was typed into the cells of a row, and into those of the others beside it, and check them again with their neighbours.

    Of the others only what differs counts, since a page sends all of its cells; of the row itself too, where it is not `is_whole_row`.
    False where there is no such row.
    """
    _lock(found)
    rows = _rows_typed(found, number, typed, whole=number if is_whole_row else None)
    if number not in rows:
        return False
    _check_again(found, list(rows.values()), read)
    return True


@transaction.atomic
def leave_out(found: Import, number: int, typed: Typed, read: Reader, *, is_left_out: bool) -> bool:
    """Leave a row out, or take it in again, and keep what was typed into others. False where there is no such row."""
    _lock(found)
    rows = _rows_typed(found, number, typed)
    if number not in rows:
        return False
    rows[number].is_left_out = is_left_out
    _check_again(found, list(rows.values()), read)
    return True


def next_wrong(found: Import, number: int) -> tuple[int, int] | None:
    """The number of the first wrong row from this one on, else of the first of all, and how many wrong ones stand before it."""
    wrong = list(found.rows.filter(is_left_out=False, standing=Standing.WRONG).values_list("number", flat=True))
    if not wrong:
        return None
    place = next((place for place, each in enumerate(wrong) if each >= number), 0)
    return wrong[place], place


def _rows_typed(found: Import, number: int, typed: Typed, *, whole: int | None = None) -> dict[int, ImportRow]:
    """This row and those into which something else was typed, by their numbers, with these texts. Of `whole` all that was sent counts."""
    rows = found.rows.filter(number__in={number, *typed}).order_by("number")
    return {
        row.number: row for row in rows if _put(found, row, typed.get(row.number, {}), is_whole=row.number == whole) or row.number == number
    }


def _put(found: Import, row: ImportRow, texts: Mapping[str, str], *, is_whole: bool) -> bool:
    """Put texts into the cells of a row. Whether any did."""
    is_changed = False
    for place, column in enumerate(found.columns):
        before = row.cells[place] if place < len(row.cells) else ""
        if column in texts and (is_whole or _in_a_field(texts[column]) != _in_a_field(before)):
            row.cells += [""] * (place + 1 - len(row.cells))
            row.cells[place] = _storable(texts[column][:LONGEST_MENDED])
            row.oddities.pop(str(place), None)
            is_changed = True
    return is_changed


def _in_a_field(text: str) -> str:
    """A text as it is compared with what comes back of it: fields of browsers drop line ends, or write them in their own way."""
    return text[:LONGEST_MENDED].replace("\r", "").replace("\n", "")


@transaction.atomic
def leave_out_wrong(found: Import) -> None:
    """Leave out every wrong row. Nothing else changes by it: a row that is right beside them is right without them."""
    _lock(found)
    found.rows.filter(standing=Standing.WRONG).update(is_left_out=True)
    _count(found)


@transaction.atomic
def discard(found: Import) -> bool:
    """Throw an import away. False where it is committed: that is kept."""
    return bool(Import.objects.filter(pk=found.pk, state__in=OPEN).delete()[0])


def _check_again(found: Import, rows: list[ImportRow], read: Reader) -> None:
    """Rows, and those of the companies that they spoke of and speak of: what they say is compared."""
    keys = {row.company_key for row in rows}
    _work_out(found, rows, read)
    keys |= {row.company_key for row in rows}
    others = found.rows.filter(company_key__in=keys - {""}).exclude(number__in=[row.number for row in rows])
    _replace(found, sorted([*rows, *others], key=lambda each: each.number), read)


def _lock(found: Import) -> None:
    """Bring an import up to date and keep others from it. Raises Refused where it is committed already."""
    fresh = Import.objects.select_for_update().get(pk=found.pk)
    found.state, found.version, found.columns = fresh.state, fresh.version, fresh.columns
    if found.state not in OPEN:
        raise Refused("This import is done already, so it is changed no more.")


def _replace(found: Import, rows: list[ImportRow], read: Reader) -> None:
    for row in rows:
        row.is_moved = False
    _work_out(found, rows, read)
    _write(found, rows)


def _write(found: Import, rows: Sequence[ImportRow]) -> None:
    """Store rows that are there already: thousands are deleted and written anew in a tenth of the time that updating takes."""
    for some in batched(rows):
        ImportRow.objects.filter(pk__in=[row.pk for row in some]).delete()
    ImportRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    _count(found)


def _count(found: Import) -> None:
    """Count the rows, and raise the version: what was shown before is shown no more."""
    found.counts = found.rows.all().counts()
    found.version += 1
    found.save(update_fields=["counts", "version", "state", "columns"])


def _work_out(found: Import, rows: Sequence[ImportRow], read: Reader) -> None:
    """Set what each row would do, or what is wrong with it; a row that is left out is passed over."""
    taken = [row for row in rows if not row.is_left_out]
    read_rows = read(found, taken)
    plan = plan_import(found.workspace, [each.row for each in read_rows if not each.errors])
    planned = {each.number: each for each in plan.rows}
    for row, each in zip(taken, read_rows, strict=True):
        _set(row, found, each, planned.get(row.number))


def _set(row: ImportRow, found: Import, read: ReadRow, planned: PlannedRow | None) -> None:
    names = {"company": read.row.company, "segment": read.row.segment, "scenario": read.row.scenario_name}
    row.company_key = names["company"].casefold()
    for column in ("company", "segment"):  # what is wrong is shown as it was written
        place = found.columns.index(column) if column in found.columns else len(row.cells)
        names[column] = names[column] or (row.cells[place].strip()[:NAME_LENGTH] if place < len(row.cells) else "")
    row.company, row.segment, row.scenario_name = names["company"], names["segment"], names["scenario"]
    row.errors = [[error.column, error.words] for error in read.errors]
    row.standing = Standing.WRONG if planned is None else planned.standing
    row.changes = [] if planned is None else [_stored_change(change) for change in planned.changes]
    row.based_on = "" if planned is None else planned.based_on


def _stored_change(change: Change) -> list[object]:
    return [change.name, change.before, change.after, change.is_guess]


def changes_of(row: ImportRow) -> tuple[Change, ...]:
    return tuple(Change(name, before, after, is_guess) for name, before, after, is_guess in row.changes)


def planned_row(row: ImportRow) -> PlannedRow:
    return PlannedRow(row.number, row.company, row.segment, row.scenario_name, Standing(row.standing), changes_of(row), row.based_on)


# --- Commit --------------------------------------------------------------------------------------


@transaction.atomic
def commit(found: Import, *, seen: int, by: Actor) -> None:
    """Write what the preview of this version showed, all of it or nothing.

    Raises Overtaken where the preview has changed since it was seen, Moved where what is stored has, and Refused where a row is wrong or
    the import is done already.
    """
    _lock(found)
    if found.version != seen:
        raise Overtaken("The preview has changed since you saw it. This is what would be done now.")
    rows = list(found.rows.filter(is_left_out=False))
    if found.state != ImportState.PREVIEWED or any(row.standing == Standing.WRONG for row in rows):
        raise Refused("A row is wrong: mend it, or leave it out.")
    written = carry_out(ImportPlan(found.workspace, tuple(planned_row(row) for row in rows)), by.user)
    _note(found, rows, written, by)


@transaction.atomic
def import_at_once(plan: ImportPlan, source: str, *, by: Actor) -> Import:
    """Write what was planned, and keep it as an import that can be undone. Raises Moved."""
    found = Import(workspace=plan.workspace, author=by.user, source=source[:SOURCE_LENGTH])
    rows = [
        ImportRow(
            company_import=found,
            number=row.number,
            company=row.company,
            segment=row.segment,
            scenario_name=row.scenario,
            standing=row.standing,
            changes=[_stored_change(change) for change in row.changes],
        )
        for row in plan.rows
    ]
    found.save()
    _note(found, rows, carry_out(plan, by.user), by)
    return found


def _note(found: Import, rows: Sequence[ImportRow], written: Sequence[Written], by: Actor) -> None:
    """Keep of each row what was written, and let go of its cells."""
    for row, done in zip(rows, written, strict=True):
        assert row.number == done.number
        row.scenario_id, row.revision = done.scenario, done.revision
        row.made_company, row.made_segment = done.made_company, done.made_segment
        row.cells, row.oddities, row.based_on, row.is_moved = [], {}, "", False
    found.author = by.user
    found.state, found.committed_at = ImportState.COMMITTED, timezone.now()
    found.save(update_fields=["author", "committed_at"])
    _write(found, rows)
    counts = ", ".join(f"{found.counts.get(name, 0):,} {name}" for name in ("new", "changed", "unchanged"))
    record(Kind.CHANGED, f"Imported {found.source}: {counts}.", by=by, workspace=found.workspace_id)


# --- Undo ----------------------------------------------------------------------------------------


def undoable(workspace: Workspace) -> Import | None:
    """The newest import that was committed and not undone: the only one that can be."""
    done = Import.objects.filter(workspace=workspace, state=ImportState.COMMITTED)
    return done.order_by("-committed_at", "-pk").first()


@transaction.atomic
def undo(found: Import, *, by: Actor) -> None:
    """Write back what stood before an import, as new revisions, and delete what it made.

    Raises Refused where it is not the newest, or a room settles an answer at the same moment, and NotUndone where somebody has changed
    since what it wrote; then nothing is written.
    """
    Workspace.objects.select_for_update().get(pk=found.workspace_id)  # one import at a time
    if undoable(found.workspace) != found:
        raise Refused("Only the newest import can be undone.")
    rows = [row for row in found.rows.filter(is_left_out=False) if row.standing != Standing.UNCHANGED]
    of_import = Scenario.objects.filter(import_rows__company_import=found)
    held = hold_rooms(of_import)
    _lock_places(found)
    scenarios = of_import.select_for_update(of=("self",)).with_place()
    done = _Done(rows, {scenario.pk: scenario for scenario in scenarios})
    if others_settled(of_import, held):
        raise Refused(SETTLED_MEANWHILE)
    in_the_way = [*done.gone(), *_touched(done), *done.renamed(), *_added(found, done)]
    if in_the_way:
        raise NotUndone(list(dict.fromkeys(in_the_way)))
    assert by.user is not None
    _write_back(found, done, by.user)
    gone = [done.companies[key] for key in sorted(done.made_companies)]
    record_of_companies(Kind.CHANGED, "Deleted by undoing an import.", gone, by=by)
    _delete_made(done)
    found.state, found.undone_at, found.undone_by = ImportState.UNDONE, timezone.now(), by.user
    found.save(update_fields=["state", "undone_at", "undone_by"])
    record(Kind.CHANGED, f"Undid an import: {found.source}.", by=by, workspace=found.workspace_id)


@dataclass(frozen=True, slots=True)
class Undoing:
    """How much the undoing of an import would delete and write back.

    Attributes:
        scenarios: Those alone whose segment stays.
        values: Answers, and details of companies and segments that stay.
    """

    companies: int
    segments: int
    scenarios: int
    values: int


def what_undo_does(found: Import) -> Undoing:
    """In two statements. Writes nothing."""
    rows = found.rows.filter(is_left_out=False, scenario__isnull=False).order_by()
    made = rows.aggregate(
        companies=Count("scenario__segment__company", filter=Q(made_company=True), distinct=True),
        segments=Count("scenario__segment", filter=Q(made_segment=True), distinct=True),
        scenarios=Count("pk", filter=Q(made_segment=False, standing=Standing.NEW)),
    )
    answers = 0
    details: set[tuple[str, int]] = set()
    staying = rows.filter(made_company=False).exclude(standing=Standing.UNCHANGED).select_related("scenario__segment")
    for row in staying:
        assert row.scenario is not None
        for change in changes_of(row):
            if change.name in QUESTION:
                answers += row.standing == Standing.CHANGED
            elif change.name in OF_COMPANY:
                details.add((change.name, row.scenario.segment.company_id))
            elif not row.made_segment:
                details.add((change.name, row.scenario.segment_id))
    return Undoing(**made, values=answers + len(details))


def _lock_places(found: Import) -> None:
    """Keep others from the companies and segments of an import, so that what is looked at is what is written."""
    rows = ImportRow.objects.filter(company_import=found, scenario__isnull=False)
    for places, path in ((Company.objects, "scenario__segment__company"), (Segment.objects, "scenario__segment")):
        list(places.select_for_update().filter(pk__in=rows.values(path)).order_by("pk").values_list("pk"))


class _Done:
    """What an import did, beside what stands there now."""

    def __init__(self, rows: Sequence[ImportRow], scenarios: Mapping[int, Scenario]) -> None:
        self.rows = rows
        self.scenarios = scenarios
        self.pairs = [(row, scenarios[row.scenario_id]) for row in rows if row.scenario_id is not None and row.scenario_id in scenarios]
        self.companies: dict[int, Company] = {}
        self.segments: dict[int, Segment] = {}
        self.made_companies: set[int] = set()
        self.made_segments: set[int] = set()
        self.made_scenarios: set[int] = set()
        self.before: dict[tuple[str, int], AnswerValue] = {}  # of a detail, by its name and the key of its company or segment
        self.after: dict[tuple[str, int], AnswerValue] = {}
        for row, scenario in self.pairs:
            segment, company = scenario.segment, scenario.segment.company
            self.companies.setdefault(company.pk, company)
            self.segments.setdefault(segment.pk, segment)
            if row.made_company:
                self.made_companies.add(company.pk)
            if row.made_segment:
                self.made_segments.add(segment.pk)
            if row.standing == Standing.NEW:
                self.made_scenarios.add(scenario.pk)
            for change in changes_of(row):
                if change.name in DETAILS:
                    place = (change.name, segment.pk if change.name in OF_SEGMENT else company.pk)
                    self.before.setdefault(place, as_stored(change.name, change.before))
                    self.after[place] = as_stored(change.name, change.after)

    def now(self, name: str, key: int) -> AnswerValue:
        value: AnswerValue = getattr(self.segments[key] if name in OF_SEGMENT else self.companies[key], name)
        return value

    def place(self, name: str, key: int) -> str:
        return f"{self.segments[key].company}, {self.segments[key]}" if name in OF_SEGMENT else str(self.companies[key])

    def gone(self) -> list[str]:
        return [f"{row.company}, {row.segment}: deleted" for row in self.rows if row.scenario_id is None]

    def renamed(self) -> list[str]:
        """Names and details that are not as the import left them: those it wrote, and all of what it made."""
        expected = dict(self.after)
        for details, made in ((OF_COMPANY, self.made_companies), (OF_SEGMENT, self.made_segments)):
            expected |= {(name, key): self.after.get((name, key), as_stored(name, None)) for key in made for name in details}
        found = [f"{self.place(name, key)}: {noun_of(name)}" for (name, key), left in expected.items() if self.now(name, key) != left]
        for row, scenario in self.pairs:
            segment, company = scenario.segment, scenario.segment.company
            names = [(row.made_company, company.name, row.company), (row.made_segment, segment.name, row.segment)]
            names.append((row.standing == Standing.NEW, scenario.name, row.scenario_name))
            found += [
                f"{row.company}, {row.segment}: now called {now}"
                for is_made, now, was in names
                if is_made and now.casefold() != was.casefold()
            ]
        return found


def _touched(done: _Done) -> list[str]:
    """Answers that somebody has given or taken back since, in scenarios whose answers the import wrote.

    What was changed and undone again since does not count.
    """
    wrote = {scenario.pk: row.revision for row, scenario in done.pairs if row.revision is not None and scenario.revision > row.revision}
    by_scenario: dict[int, tuple[dict[str, None], str]] = {}
    # By their keys: of rows that were written just now PostgreSQL knows no number, and joins them in the slowest way.
    for some in batched(sorted(wrote)):
        answers = Answer.objects.filter(scenario__in=some).order_by("scenario", "pk")
        said = answers.values_list("scenario", "question", "revision", "author__name", "undone_by", "undoes", "undoes__revision")
        for key, question, revision, author, undone_by, undoes, undone_revision in said:
            stands = undone_by is None if undoes is None else undone_revision <= wrote[key]
            if revision > wrote[key] and stands:
                by_scenario.setdefault(key, ({}, author or ""))[0][question] = None
    names = []
    for key, (questions, author) in by_scenario.items():
        nouns = ", ".join(noun_of(name) for name in questions)
        names.append(f"{done.scenarios[key].segment.company}, {done.scenarios[key].segment}: {nouns}{f', by {author}' if author else ''}")
    return names


def _added(found: Import, done: _Done) -> list[str]:
    """What others have put into what the import made."""
    own = ImportRow.objects.filter(company_import=found, scenario__isnull=False).values("scenario")
    segments = Segment.objects.filter(company__in=_made(found, "made_company", "scenario__segment__company"))
    segments = segments.exclude(pk__in=_made(found, "made_segment", "scenario__segment")).select_related("company")
    scenarios = Scenario.objects.filter(segment__in=_made(found, "made_segment", "scenario__segment")).exclude(pk__in=own).with_place()
    new = ImportRow.objects.filter(company_import=found, is_left_out=False, standing=Standing.NEW, scenario__isnull=False).values(
        "scenario"
    )
    steps = WorkshopStep.objects.filter(scenario__in=new).select_related("scenario__segment__company")
    made_companies = _made(found, "made_company", "scenario__segment__company")
    rooms = Workshop.objects.filter(company__in=made_companies).select_related("company")
    kept = KeptAssumptions.objects.filter(scenario__in=new).select_related("scenario__segment__company", "author").order_by("scenario")
    usage = UsageSearch.objects.filter(scenario__in=new).select_related("scenario__segment__company").order_by("scenario")
    shares = Share.objects.present().filter(company__in=made_companies).select_related("company", "portfolio")
    return [
        *(f"{segment.company}, {segment}: a segment that was added" for segment in segments),
        *(f"{scenario.segment.company}, {scenario}: a scenario that was added" for scenario in scenarios),
        *(f"{step.scenario.segment.company}, {step.scenario.segment}: a workshop" for step in steps),
        *dict.fromkeys(f"{_place(each.scenario)}: assumptions that were kept{f', by {each.by}' if each.by else ''}" for each in kept),
        *dict.fromkeys(f"{_place(each.scenario)}: the usage of customers" for each in usage),
        *(f"{room.company}: a workshop" for room in rooms),
        *(f"{share.company}: shared with {share.portfolio}" for share in shares),
    ]


def _place(scenario: Scenario) -> str:
    return f"{scenario.segment.company}, {scenario.segment}"


def _made(found: Import, flag: str, path: str) -> QuerySet[Any, Any]:
    """The keys of what the import made, by the path from its rows."""
    made: QuerySet[Any, Any] = ImportRow.objects.filter(**{"company_import": found, flag: True, "scenario__isnull": False}).values(path)
    return made


def _write_back(found: Import, done: _Done, author: User) -> None:
    now = timezone.now()
    changed = [scenario for row, scenario in done.pairs if row.revision is not None and row.standing == Standing.CHANGED]
    rooms_changed(changed)
    earlier = Answer.objects.filter(scenario=OuterRef("scenario"), question=OuterRef("question"), revision__lt=OuterRef("revision"))
    wrote = Answer.objects.filter(
        scenario__import_rows__company_import=found,
        scenario__import_rows__standing=Standing.CHANGED,
        revision=F("scenario__import_rows__revision"),
    )
    key_before = dict(wrote.annotate(before=Subquery(earlier.order_by("-revision").values("pk")[:1])).values_list("pk", "before"))
    before = Answer.objects.in_bulk([key for key in key_before.values() if key is not None])
    for some in batched(changed):
        Scenario.objects.filter(pk__in=[scenario.pk for scenario in some]).update(revision=F("revision") + 1, changed_at=now)
    revisions = {scenario.pk: scenario.revision + 1 for scenario in changed}
    Answer.objects.bulk_create(
        (answer.undoing(before.get(key_before[answer.pk]), revision=revisions[answer.scenario_id], author=author) for answer in wrote),
        batch_size=ROWS_AT_ONCE,
    )
    for name in OF_COMPANY:
        companies = _with_former(done, name, done.companies, done.made_companies)
        Company.objects.bulk_update(companies, [name], batch_size=500)
    for name in OF_SEGMENT:
        segments = _with_former(done, name, done.segments, done.made_segments)
        Segment.objects.bulk_update(segments, [name], batch_size=500)


def _with_former(done: _Done, name: str, places: Mapping[int, Place], made: Collection[int]) -> list[Place]:
    """The companies or segments that stay, with the detail of this name that stood before the import."""
    staying = {key: before for (each, key), before in done.before.items() if each == name and key not in made}
    for key, before in staying.items():
        setattr(places[key], name, before)
    return [places[key] for key in staying]


def _delete_made(done: _Done) -> None:
    """Companies first, with all that is in them; then segments of companies that were there, then scenarios of such segments."""
    segments = [
        segment for segment in done.segments.values() if segment.pk in done.made_segments and segment.company_id not in done.made_companies
    ]
    scenarios = [
        scenario
        for scenario in done.scenarios.values()
        if scenario.pk in done.made_scenarios and scenario.segment_id not in done.made_segments
    ]
    _delete(Company.objects, done.made_companies)
    _delete(Segment.objects, [segment.pk for segment in segments])
    _delete(Scenario.objects, [scenario.pk for scenario in scenarios])


def _delete(found: Manager[Any], keys: Collection[int]) -> None:
    for some in batched(list(keys)):
        found.filter(pk__in=some).delete()
