"""Importing companies: a table is taken, its columns are chosen, its rows shown and mended; exactly that is done, and undone."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.exports.sheets import CSV, MARKED
from advisor.forms.cells import labels_of, shown
from advisor.forms.company_file import COLUMNS
from advisor.forms.company_file.decoding import UnreadableFileError
from advisor.forms.company_file.net_retention import HOW_DONE, NET_RETENTION
from advisor.forms.company_file.reading import QUESTION_OF_COLUMN
from advisor.forms.company_file.table import of_workspace
from advisor.forms.company_file.words import NAMES as COLUMN_NAMES
from advisor.forms.company_file.words import unit_words, value_words
from advisor.forms.company_import import (
    OPTIONS,
    PasteForm,
    RowsView,
    UploadForm,
    columns_of,
    read_choices,
    read_import_rows,
    read_rows_view,
    read_typed,
)
from advisor.framework.advice import advise
from advisor.framework.questions import QUESTIONS
from advisor.framework.scenario import scenario_from_answers
from advisor.models import Import, ImportRow, ImportState, Standing
from advisor.models.scenario import TODAY
from advisor.services import company_import as service
from advisor.services.company_file import Change, Moved, answers_after
from advisor.services.rooms import Overtaken, Refused
from advisor.views import access
from advisor.views.http import download, whole

A_PAGE = 30  # rows; every cell of so many may be wrong, and is fewer fields than a request may have
LINES = "note"  # the column whose cells may have several
MOVED = "Somebody has changed these companies since the preview, so nothing was imported. This is what would be done now."
EXAMPLE_ROW = {
    "company": "Example Ltd",
    "segment": "Mid-market",
    "arr_usd": "4200000",
    "acv_usd": "30000",
    "sales_motion": "sales_assisted",
    "potential_acv_usd": "~150000",
    "years_to_potential": "4",
    "note": "Who said so, and where. A value that starts with ~ is a guess.",
}
NAMES = {
    "": "All",
    "wrong": "Wrong",
    "moved": "Moved",
    "new": "New",
    "changed": "Changed",
    "unchanged": "Unchanged",
    "left_out": "Left out",
}


class Tab(NamedTuple):
    """One standing by which the rows can be narrowed, and how many have it."""

    name: str
    number: str
    query: str
    is_shown: bool


class Cell(NamedTuple):
    """A cell that is wrong, as it can be mended.

    Attributes:
        column: Ours.
        name: What people call the column.
        text: What stands in it.
        sentences: What is wrong with it.
        has_lines: Whether it may hold several.
        labels: What may be chosen, where it is answered in words.
    """

    column: str
    name: str
    text: str
    sentences: list[str]
    has_lines: bool
    labels: tuple[str, ...]


class ShownChange(NamedTuple):
    """One thing that a row changes, in people's words.

    Attributes:
        column: What files call it.
        name: What people call it.
        before: What stood there; empty where nothing did, or the same.
        after: What will.
        unit: Behind `after`; empty behind words.
        remark: Whether it is a guess, or is none any more.
    """

    column: str
    name: str
    before: str
    after: str
    unit: str
    remark: str


class ShownRow(NamedTuple):
    """One row of an import.

    Attributes:
        sentences: What is wrong with it as a whole.
        cells: Those to mend.
        missing: Which answers its advice waits for, once it is imported; empty where it waits for none.
    """

    number: int
    company: str
    segment: str
    scenario: str
    standing: str
    is_left_out: bool
    is_moved: bool
    changes: list[ShownChange]
    sentences: list[str]
    cells: list[Cell]
    missing: str


# --- In -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """GET: choose a file, or paste. POST: take it, and go on to its columns or its preview."""
    workspaces = access.workspaces_to_write(request)
    file, paste = UploadForm(workspaces=workspaces), PasteForm(workspaces=workspaces, auto_id="paste_%s")
    problem = ""
    if request.method == "POST":
        if not workspaces:
            raise PermissionDenied(access.NOT_AN_EDITOR)
        form: UploadForm | PasteForm
        if "pasted" in request.POST:
            form = paste = PasteForm(request.POST, workspaces=workspaces, auto_id="paste_%s")
        else:
            form = file = UploadForm(request.POST, request.FILES, workspaces=workspaces)
        if form.is_valid():
            try:
                return _taken(request, form)
            except UnreadableFileError as error:
                problem = str(error)
    context = {"file": file, "paste": paste, "problem": problem, "questions": QUESTIONS, "can_add": bool(workspaces)}
    is_wrong = bool(problem or file.errors or paste.errors)
    return render(request, "import_start.html", context | {"is_wrong": is_wrong}, status=422 if is_wrong else 200)


def _taken(request: HttpRequest, form: UploadForm | PasteForm) -> HttpResponse:
    workspace = access.workspace_to_write(request, form.workspace_pk())
    table = of_workspace(form.table(), workspace.name)
    found_columns = columns_of(table)
    assert table.header is not None
    found = service.take(
        workspace,
        access.user_of(request),
        form.source,
        table.header.cells,
        table.rows,
        columns=found_columns.columns,
        is_settled=found_columns.is_settled,
        decimal_comma=table.decimal_comma,
        notices=table.notices,
        read=read_import_rows,
    )
    return redirect("import" if found_columns.is_settled else "import-columns", found.pk)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """A file with the header and one row to write over."""
    text = StringIO()
    csv.writer(text).writerows([COLUMNS, [EXAMPLE_ROW.get(column, "") for column in COLUMNS]])
    return download(text.getvalue().encode(MARKED), "companies.csv", CSV)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every import of the workspaces that the visitor may add to, the newest first."""
    access.workspace_to_write(request)
    page = Paginator(access.company_imports(request), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports.html", {"page": page})


# --- On its way -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.company_import(request, pk)
    if found.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        return redirect(found)
    sent = request.POST if request.method == "POST" else None
    choices = read_choices(found, list(found.rows.all()[:A_PAGE]), sent)
    if sent is not None and choices.is_valid:
        return _done(request, found, lambda: service.choose_columns(found, choices.columns, read_import_rows))
    context = {"found": found, "choices": choices, "options": OPTIONS}
    return render(request, "import_columns.html", context, status=200 if sent is None else 422)


@gzip_page
@require_safe
def rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of an import, or what it did."""
    found = access.company_import(request, pk)
    if found.state == ImportState.UPLOADED:
        return redirect("import-columns", found.pk)
    return _rows(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """POST: mend the cells of a row, leave it out, or take it in again. What was typed into the others of the page comes along."""
    found = access.company_import(request, pk)
    if request.method != "POST":
        return redirect(found)

    def act() -> None:
        wish, typed = request.POST.get("do", "mend"), read_typed(found, request.POST.dict())
        if wish in ("mend", "check"):
            is_there = service.mend(found, number, typed, read_import_rows, is_whole_row=wish == "mend")
        else:
            is_there = service.leave_out(found, number, typed, read_import_rows, is_left_out=wish == "leave-out")
        if not is_there:
            raise Http404

    return _done(request, found, act, after=number)


@require_http_methods(["GET", "HEAD", "POST"])
def leave_out_wrong(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.company_import(request, pk)
    return _done(request, found, lambda: service.leave_out_wrong(found)) if request.method == "POST" else redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: throw an import away that was not committed."""
    found = access.company_import(request, pk)
    if request.method != "POST" or not service.discard(found):
        return redirect(found)
    messages.success(request, f"Discarded: {found.source}. Nothing was imported.")
    return redirect("upload")


def _done(request: HttpRequest, found: Import, act: Callable[[], None], *, after: int | None = None) -> HttpResponse:
    """Do it, and show the rows again as they were shown, at the next that is wrong; refused where the import is committed meanwhile.

    `after`: the row that something was done to.
    """
    try:
        act()
    except Refused as refused:
        return _rows(request, access.company_import(request, found.pk), refused.sentence)
    view, anchor = read_rows_view(request.POST), ""
    if after is not None and view.standing in ("", "wrong"):
        wrong = service.next_wrong(found, after)
        if wrong is not None:
            number, before = wrong
            view, anchor = RowsView(view.standing, str(before // A_PAGE + 1)), f"#row-{number}"
    return redirect(f"{found.get_absolute_url()}{f'?{view.query}' if view.query else ''}{anchor}")


# --- Commit and undo ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: import what was previewed; 409 with the preview of now where anything has moved."""
    found = access.company_import(request, pk)
    if request.method != "POST" or found.state == ImportState.COMMITTED:
        return redirect(found)
    seen = whole(request.POST.get("seen", ""))
    try:
        service.commit(found, seen=-1 if seen is None else seen, by=access.actor_of(request))
    except Moved:
        return _moved(request, found)
    except (Overtaken, Refused) as refused:
        return _rows(request, access.company_import(request, pk), refused.sentence)
    messages.success(request, f"Imported into {found.workspace}: {_counts(found)}.")
    return redirect(found)


def _moved(request: HttpRequest, found: Import) -> HttpResponse:
    """The preview of now; refused where somebody has imported it in between."""
    sentence = MOVED
    try:
        service.show_anew(found, read_import_rows)
    except Refused as refused:
        sentence = refused.sentence
    return _rows(request, access.company_import(request, found.pk), sentence)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: undo an import as a whole; 409 with what was changed since."""
    found = access.company_import(request, pk)
    if request.method != "POST" or found.state == ImportState.UNDONE:
        return redirect(found)
    try:
        service.undo(found, by=access.actor_of(request))
    except service.NotUndone as refused:
        return _rows(request, found, refused.sentence, names=refused.names, more=refused.more)
    except Refused as refused:
        return _rows(request, found, refused.sentence)
    messages.success(request, "Undone: everything stands as it did before this import.")
    return redirect(found)


def _counts(found: Import) -> str:
    counts = found.counts
    words = f"{counts['new']:,} new, {counts['changed']:,} changed, {counts['unchanged']:,} unchanged"
    return f"{words}, {counts['left_out']:,} left out" if counts["left_out"] else words


def _undoing(found: Import) -> str:
    """What undoing an import does, in a sentence."""
    undoing = service.what_undo_does(found)
    made = [
        _number_of(number, one, many)
        for number, one, many in (
            (undoing.companies, "company", "companies"),
            (undoing.segments, "segment", "segments"),
            (undoing.scenarios, "scenario", "scenarios"),
        )
        if number
    ]
    parts = []
    if made:
        parts.append(f"deletes {' and '.join(made) if len(made) < 3 else f'{made[0]}, {made[1]} and {made[2]}'} that it made")
    if undoing.values:
        parts.append(f"writes back {_number_of(undoing.values, 'value', 'values')}")
    words = ", ".join(parts) or "changes nothing"
    return f"{words[0].upper()}{words[1:]}."


def _number_of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _rows(request: HttpRequest, found: Import, refusal: str = "", *, names: list[str] | None = None, more: int = 0) -> HttpResponse:
    """A page of the rows; 409 with a refusal."""
    if found.state == ImportState.UPLOADED:
        return redirect("import-columns", found.pk)
    view = read_rows_view(request.GET)
    counts = found.counts | {"": sum(found.counts[name] for name in ("new", "changed", "unchanged", "wrong", "left_out"))}
    pages = Paginator(found.rows.all().with_standing(view.standing).wrong_first(), A_PAGE)
    pages.count = counts[view.standing]  # counted already
    page = pages.get_page(view.page)
    is_open = found.state == ImportState.PREVIEWED
    newest = service.undoable(found.workspace)
    missing = _missing(found, list(page.object_list)) if is_open else {}
    shown_rows = [_shown(each, found, missing.get(each.number, "")) for each in page.object_list]
    to_mend = next((row.number for row in shown_rows if row.cells and not row.is_left_out), None)
    context = {
        "found": found,
        "counts": counts,
        "summary": _counts(found),
        "number": f"{found.rows_to_write:,}",
        "tabs": [
            Tab(NAMES[code], f"{counts[code]:,}", RowsView(code, "").query, code == view.standing)
            for code in NAMES
            if counts[code] or code in ("", view.standing)
        ],
        "view": view,
        "rows": shown_rows,
        "to_mend": to_mend,
        "labels": {cell.column: cell.labels for row in shown_rows if not row.is_left_out for cell in row.cells if cell.labels},
        "page": page,
        "before": RowsView(view.standing, str(page.number - 1)).query if page.has_previous() else None,
        "after": RowsView(view.standing, str(page.number + 1)).query if page.has_next() else None,
        "is_open": is_open,
        "how_growth_came": HOW_DONE if is_open and NET_RETENTION.column in found.columns else "",
        "undoing": _undoing(found) if newest == found else "",
        "refusal": refusal,
        "names": names or [],
        "more": more,
        "here": reverse("import", args=[found.pk]),
    }
    return render(request, "import_rows.html", context, status=409 if refusal else 200)


def _missing(found: Import, rows: Sequence[ImportRow]) -> dict[int, str]:
    """Which answers the advice of each row waits for once it is imported, by the row's number."""
    taken = [row for row in rows if not row.is_left_out and row.standing != Standing.WRONG]
    after = answers_after(found.workspace, [service.planned_row(row) for row in taken])
    policy = found.workspace.policy
    return {row.number: advise(scenario_from_answers(values), policy).missing_words for row, values in zip(taken, after, strict=True)}


def _shown(row: ImportRow, found: Import, missing: str) -> ShownRow:
    sentences: list[str] = []
    by_column: dict[str, list[str]] = {}
    for column, sentence in row.errors:
        if column:
            by_column.setdefault(column, []).append(sentence)
        else:
            sentences.append(sentence)
    cells = [
        Cell(column, COLUMN_NAMES[column], _text(row, found, column), said, column == LINES, _labels(column))
        for column, said in by_column.items()
    ]
    return ShownRow(
        row.number,
        shown(row.company),
        shown(row.segment),
        "" if row.scenario_name == TODAY else shown(row.scenario_name),
        row.standing,
        row.is_left_out,
        row.is_moved,
        [_shown_change(change) for change in service.changes_of(row)],
        sentences,
        cells,
        missing,
    )


def _labels(column: str) -> tuple[str, ...]:
    return labels_of(QUESTION_OF_COLUMN[column]) if column in QUESTION_OF_COLUMN else ()


def _shown_change(change: Change) -> ShownChange:
    """A change of nothing but whether it is a guess says that alone."""
    is_same = change.before == change.after
    remark = "a guess" if change.is_guess else "no guess any more" if is_same else ""
    return ShownChange(
        change.column,
        COLUMN_NAMES[change.column],
        "" if is_same else value_words(change.name, change.before),
        value_words(change.name, change.after),
        unit_words(change.name, change.after),
        remark,
    )


def _text(row: ImportRow, found: Import, column: str) -> str:
    place = found.columns.index(column)
    return row.cells[place][: service.LONGEST_MENDED] if place < len(row.cells) else ""
