"""An import of companies: the rows that were read, what each would do, and afterwards what each did, so that it can be undone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from advisor.models.company import NAME_LENGTH
from advisor.models.scenario import Scenario
from advisor.models.workspace import ROLES_THAT_WRITE, Workspace, of_member

if TYPE_CHECKING:
    from advisor.models.accounts import User

SOURCE_LENGTH = 200
BASIS_LENGTH = 32
FORGOTTEN_AFTER = timedelta(days=7)  # for an import that was never committed: its table is not kept for ever


class ImportState(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", "columns to choose"
    PREVIEWED = "previewed", "not imported yet"
    COMMITTED = "committed", "imported"
    UNDONE = "undone", "undone"


OPEN = (ImportState.UPLOADED, ImportState.PREVIEWED)


class Standing(models.TextChoices):
    """What a row of a file is to a workspace."""

    NEW = "new", "new"
    CHANGED = "changed", "changed"
    UNCHANGED = "unchanged", "unchanged"
    WRONG = "wrong", "wrong"


def _forgotten() -> Q:
    return Q(state__in=OPEN, created_at__lt=timezone.now() - FORGOTTEN_AFTER)


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """The imports of every workspace this person is a member of, but the forgotten ones, each with that person's `role`."""
        return of_member(self, user, "workspace").exclude(_forgotten())

    def forgotten(self) -> Self:
        """Those that nobody committed for so long that they are to be deleted."""
        return self.filter(_forgotten())

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Import(models.Model):
    """A table of companies on its way into a workspace.

    Attributes:
        headings: The cells of its header.
        columns: For each of these our column that it is; empty where it is left out.
        counts: How many rows have each standing, those left out not among them, how many are left out, and how many have moved.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=SOURCE_LENGTH, help_text="The name of the file, or that it was pasted.")
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.UPLOADED)
    version = models.PositiveIntegerField(default=0, help_text="Raised by every change of the preview: what a pressed button was based on.")
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    decimal_comma = models.BooleanField(default=False, help_text='Whether "6,5" is a number.')
    notices = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    committed_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    role: str | None  # of the person who asked, by `visible_to`

    objects = ImportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source} into {self.workspace}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])

    @property
    def can_be_edited(self) -> bool:
        return self.role in ROLES_THAT_WRITE

    @property
    def changes_anything(self) -> bool:
        return bool(self.counts.get(Standing.NEW) or self.counts.get(Standing.CHANGED))

    @property
    def rows_to_write(self) -> int:
        return sum(self.counts.get(standing, 0) for standing in (Standing.NEW, Standing.CHANGED, Standing.UNCHANGED))


class ImportRowQuerySet(models.QuerySet["ImportRow"]):
    def counts(self) -> dict[str, int]:
        """How many rows have each standing, are left out, and have moved; in one statement."""
        taken = Q(is_left_out=False)
        return self.aggregate(
            **{str(standing): Count("pk", filter=taken & Q(standing=standing)) for standing in Standing},
            left_out=Count("pk", filter=Q(is_left_out=True)),
            moved=Count("pk", filter=taken & Q(is_moved=True)),
        )

    def with_standing(self, code: str) -> Self:
        """Those of one of the `counts`; all for an empty code."""
        if not code:
            return self
        if code == "left_out":
            return self.filter(is_left_out=True)
        taken = self.filter(is_left_out=False)
        return taken.filter(is_moved=True) if code == "moved" else taken.filter(standing=code)

    def wrong_first(self) -> Self:
        """What is wrong, what has moved, and the rest, each in the order of the file."""
        urgency = Case(
            When(Q(is_left_out=False, standing=Standing.WRONG), then=Value(0)),
            When(Q(is_left_out=False, is_moved=True), then=Value(1)),
            default=Value(2),
        )
        return self.order_by(urgency, "number")


class ImportRow(models.Model):
    """One row of an import.

    Attributes:
        number: As the spreadsheet counts.
        cells: The texts that were read; empty once it is imported.
        oddities: What stands in a cell that is no text and no number, by its place from 0 as a text.
        problem: Why the row cannot be read at all.
        company_key: The company's name in any case, by which rows of one company are found.
        errors: [column, sentence] for each thing that is wrong; the column is empty where it concerns no single one.
        changes: [name, before, after, whether it is a guess] for everything that the row would write, as `services.company_file.Change`.
        based_on: A fingerprint of what stood there when this was worked out.
        scenario: Which it made or changed.
        revision: Which it made of that scenario's answers; None where it left them.
        made_company, made_segment: Whether the import made these.
    """

    company_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    oddities = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    company = models.CharField(max_length=NAME_LENGTH, blank=True)
    segment = models.CharField(max_length=NAME_LENGTH, blank=True)
    scenario_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    company_key = models.CharField(max_length=3 * NAME_LENGTH, blank=True)
    standing = models.CharField(max_length=20, choices=Standing, blank=True)
    errors = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    based_on = models.CharField(max_length=BASIS_LENGTH, blank=True)
    is_left_out = models.BooleanField(default=False)
    is_moved = models.BooleanField(default=False, help_text="Whether somebody changed what it speaks of after it was previewed.")
    scenario = models.ForeignKey(Scenario, null=True, on_delete=models.SET_NULL, related_name="import_rows")
    revision = models.PositiveIntegerField(null=True)
    made_company = models.BooleanField(default=False)
    made_segment = models.BooleanField(default=False)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["company_import", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["company_import", "company_key"], name="import_row_of_company")]

    def __str__(self) -> str:
        return f"Row {self.number}: {self.standing}"
