"""Customers' usage that somebody uploaded for a scenario, how far the search for its leading indicator is, and what it came to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from advisor.economics.lir.shape import SHAPE
from advisor.framework.questions import LIR_QUESTIONS
from advisor.models.scenario import Origin, Scenario
from advisor.models.sharing import seen_whole_by

if TYPE_CHECKING:
    from advisor.economics.lir.answers import Measured
    from advisor.models.accounts import User

KEY_LENGTH = 32
FILE_NAME_LENGTH = 120
SAID_LENGTH = 1_000
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


class UsageSearch(models.Model):
    """The uploaded usage of a scenario's customers and the search for its leading indicator. A new upload takes its place.

    Attributes:
        key: Name of the folder of its files.
        said: What is being done while it runs, or why it was not searched.
        percent: How much of it is done.
        run: Which process searches, or has searched last: a search that was stopped and begun anew has another.
        uploaded_at: When its files came: what they have of later days has not happened, however often they are searched.
        created_at: When this search of them was asked for.
        beat_at: When the searching process last said that it lives.
        result: What was found, by `economics.lir.keeping`, with the number of its `shape`, and `rows`, `customers`, `segments`,
            `left_out_segments` and `notices` of the files. Where they are searched again it stands until that has found something, or
            nothing, and also where that has failed or was stopped.
    """

    scenario = models.OneToOneField(Scenario, on_delete=models.CASCADE, related_name="usage_search")
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
    result = models.JSONField(null=True)

    objects = UsageSearchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "usage searches"
        # One at a time: each takes the processor and a gigabyte.
        constraints = [models.UniqueConstraint("state", condition=Q(state=SearchState.RUNNING), name="one_search_runs")]

    def __str__(self) -> str:
        return f"{self.usage_name} of {self.scenario}: {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

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


def measured_renewals(scenario: Scenario) -> Measured | None:
    """What its usage says of the scenario's indicator: at what customers renew who reach it, at what all others do, and how many reach it.

    None where nothing was found, or where the scenario's indicator is not, or not any more, the one that was found.
    """
    return measured_by_search(UsageSearch.objects.filter(scenario=scenario, result__isnull=False).first(), scenario)


def measured_by_search(found: UsageSearch | None, scenario: Scenario) -> Measured | None:
    """The same of the scenario's search, where that is known."""
    from advisor.economics.lir.answers import answers_of, measured_by  # noqa: PLC0415 - numpy, which only pages of numbers need
    from advisor.economics.lir.keeping import finding_of  # noqa: PLC0415

    answers = scenario.present_answers()
    if (
        found is None
        or not found.has_result
        or any(name not in answers or answers[name].origin != Origin.MEASURED for name in LIR_QUESTIONS)
    ):
        return None
    finding = finding_of(found.found["finding"])
    best = finding.best
    if best is None or finding.named is None or any(answers[name].value != value for name, value in answers_of(best).items()):
        return None
    return measured_by(best)


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
