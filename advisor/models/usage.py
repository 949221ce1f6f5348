"""Customers' usage that somebody uploaded for a scenario, how far the search for its leading indicator is, and what it came to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from advisor.economics.lir.shape import SHAPE
from advisor.models.scenario import Scenario
from advisor.models.sharing import seen_whole_by

if TYPE_CHECKING:
    from advisor.models.accounts import User

KEY_LENGTH = 32
FILE_NAME_LENGTH = 120
SAID_LENGTH = 4_000
SILENT_AFTER = timedelta(seconds=30)  # a search that has said nothing for so long has died; it says something every two seconds


def usage_dir() -> Path:
    """Where uploaded files lie, each search's in a folder of its own."""
    return Path(settings.DATA_DIR) / "usage"


class SearchState(models.TextChoices):
    """How far a search is."""

    WAITING = "waiting", "waiting for its turn"
    RUNNING = "running", "searching"
    FOUND = "found", "an indicator was found"
    NONE = "none", "no indicator is named"
    FAILED = "failed", "not searched"
    CANCELLED = "cancelled", "stopped"


UNDER_WAY = (SearchState.WAITING, SearchState.RUNNING)


class UsageSearchQuerySet(models.QuerySet["UsageSearch"]):
    def visible_to(self, user: User) -> Self:
        """Those of the scenarios that this person sees whole, each with that person's `role`."""
        return seen_whole_by(self, user, company="scenario__segment__company")

    def running(self, pk: int, run: str) -> Self:
        """The search `pk` while this run of it goes on; none once it was stopped, even where another run of it goes on by now."""
        return self.filter(pk=pk, run=run, state=SearchState.RUNNING)

    def silent(self) -> Self:
        """Those that were searched when their process died with the server, as nobody could say."""
        return self.filter(state=SearchState.RUNNING, beat_at__lt=timezone.now() - SILENT_AFTER)

    def of(self, scenario: Scenario) -> Usage:
        """What a scenario has of usage, with who uploaded it. In one statement."""
        rows = list(self.filter(scenario=scenario).select_related("author").order_by("pk"))
        for row in rows:
            row.scenario = scenario
        return Usage(*(next((row for row in rows if (row.result is not None) is has_result), None) for has_result in (True, False)))


class UsageSearch(models.Model):
    """Uploaded usage of a scenario's customers and the search for its leading indicator. Of a scenario one at most has a result, and one at
    most, uploaded later, has none yet: once it has, it takes the place of the other.

    Attributes:
        key: Name of the folder of its files.
        said: What is being done while it runs, or why it was not searched.
        percent: How much of it is done.
        run: Which process searches, or has searched last: a search that was stopped and begun anew has another.
        uploaded_at: When its files came: what they have of later days has not happened, however often they are searched.
        created_at: When this search of them was asked for.
        beat_at: When the searching process last said that it lives.
        without: Events that are not looked at, as they are shown.
        result: What was found, by `economics.lir.keeping`, with the number of its `shape`, and `rows`, `customers`, `segments`,
            `only_segment`, `left_out_segments`, `events` and `notices` of the files. Where they are searched again it stands until that
            has found something, or nothing, and also where that has failed or was stopped.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="usage_searches")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    usage_name = models.CharField(max_length=FILE_NAME_LENGTH, help_text="The file's name where it came from.")
    customers_name = models.CharField(max_length=FILE_NAME_LENGTH, blank=True, help_text="Empty where customers stand in the same file.")
    size = models.BigIntegerField(help_text="Bytes of both.")
    state = models.CharField(max_length=20, choices=SearchState, default=SearchState.WAITING)
    said = models.CharField(max_length=SAID_LENGTH, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    run = models.CharField(max_length=KEY_LENGTH, blank=True, editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    beat_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    without = models.JSONField(default=list)
    result = models.JSONField(null=True)

    objects = UsageSearchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "usage searches"
        constraints = [
            # One at a time: each takes the processor and a gigabyte.
            models.UniqueConstraint("state", condition=Q(state=SearchState.RUNNING), name="one_search_runs"),
            models.UniqueConstraint("scenario", condition=Q(result__isnull=False), name="one_result_of_a_scenario"),
            models.UniqueConstraint("scenario", condition=Q(result__isnull=True), name="one_upload_of_a_scenario"),
        ]

    def __str__(self) -> str:
        return f"{self.usage_name} of {self.scenario}: {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def has_come_to_its_end(self) -> bool:
        """Whether it was not broken off, and the files could be read."""
        return self.state in (SearchState.FOUND, SearchState.NONE)

    @property
    def version(self) -> str:
        """Which of its results this is, since the same files may be searched anew, and others take their place."""
        return f"{self.attempt}-{_moment(self.ended_at)}"

    @property
    def attempt(self) -> str:
        """Which files, and which time they are searched: the same from waiting to the end."""
        return f"{self.pk}-{_moment(self.created_at)}"

    @property
    def uploaded_on(self) -> date:
        """The day on which its files came, in UTC."""
        return self.uploaded_at.astimezone(UTC).date()

    @property
    def folder(self) -> Path:
        return usage_dir() / self.key

    def files(self) -> tuple[Path, Path | None]:
        """The file of usage, and that of the customers where there is one."""
        return self.folder / "usage", self.folder / "customers" if self.customers_name else None

    @property
    def has_result(self) -> bool:
        """Whether a search of the files has come to its end, and what it came to can be read."""
        return self.result is not None and self.result.get("shape") == SHAPE

    @property
    def has_other_shape(self) -> bool:
        """Whether what was found was written by another version, so that the files are to be searched again."""
        return self.result is not None and not self.has_result

    @property
    def found(self) -> dict[str, Any]:
        """What was found. Raises ValueError where there is nothing (`has_result`)."""
        if self.result is None or not self.has_result:
            raise ValueError("Nothing has been found yet, or another version has written it.")
        result: dict[str, Any] = self.result
        return result


def _moment(when: datetime | None) -> int:
    return 0 if when is None else round(when.timestamp() * 1_000)


class Usage(NamedTuple):
    """What a scenario has of its customers' usage.

    Attributes:
        standing: What was found last, with its files; it stands until others have been read.
        upload: Files that came later, or alone, in which nothing has been found yet.
    """

    standing: UsageSearch | None
    upload: UsageSearch | None

    @property
    def newest(self) -> UsageSearch | None:
        return self.upload or self.standing

    @property
    def rows(self) -> list[UsageSearch]:
        """The older first."""
        return [row for row in self if row is not None]

    @property
    def under_way(self) -> UsageSearch | None:
        """The one that is searched, or waits for it."""
        return next((row for row in reversed(self.rows) if row.is_under_way), None)

    @property
    def version(self) -> str:
        """Which files there are and what has become of each; empty where there are none."""
        return BETWEEN.join(row.version for row in self.rows)


BETWEEN = "_"  # the versions of both


class JourneyPage(models.Model):
    """Some customers with what each did, as `economics.lir.journey` tells it, where no indicator is named."""

    search = models.ForeignKey(UsageSearch, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField(help_text="From 1.")
    journeys = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["search", "number"], name="journey_page_once")]

    def __str__(self) -> str:
        return f"Page {self.number} of {self.search}"
