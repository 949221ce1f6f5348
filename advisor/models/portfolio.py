"""What the advice on each scenario comes to, stored so that a portfolio of thousands is read, sorted and counted by the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.utils import timezone

from advisor.framework.advice import Advice
from advisor.framework.coverage import position_of, zone_of
from advisor.framework.ownership import Ownership
from advisor.framework.scenario import EXPANSION_FACTS, SHARE_WAY, Owner, Team, question_and_path
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES
from advisor.models.company import Company
from advisor.models.decision import Decision
from advisor.models.policy import PolicyVersion
from advisor.models.scenario import TODAY, Scenario, ScenarioQuerySet
from advisor.models.sharing import GUEST, OWN, SHOWS_NUMBERS, Level, Share, seen_by, workspaces_of

if TYPE_CHECKING:
    from advisor.models.accounts import User

CODE_LENGTH = 32
# Answers from which measures follow; a way to grow counts as soon as it has a name.
MEASURED = frozenset(
    {
        *("acv", "motion", "first_sale_share", "potential_acv", "years_to_potential", "expansion_rate", "gross_retention"),
        *(SHARE_WAY, "path_name", "path_share", *EXPANSION_FACTS),
    }
)
NO_VERSION = Value(0)  # no key is 0
MOST_COMPARED = 6  # companies side by side: more find no room on a screen
COMPANY, SEGMENT = "scenario__segment__company", "scenario__segment"
SAYS_TODAY = ~Q(current_team="") | ~Q(current_owner="")
DIFFERS = Q(team_differs=True) | Q(owner_differs=True)
# What is said of today is what is advised; where nothing is advised yet of what is said, nothing can fit.
FITS = SAYS_TODAY & ~DIFFERS & (Q(current_team="") | ~Q(team="")) & (Q(current_owner="") | ~Q(owner=Owner.OPEN))
# What is kept back of a company that shares its advice only, with what stands in its place.
WITHHELD: dict[str, str | bool | None] = {
    **dict.fromkeys(("revision", "answers", "acv", "motion", "weight", "share", "potential")),
    **dict.fromkeys(("difficulty", "difficulty_low", "difficulty_high")),
    **dict.fromkeys(("past_acv", "past_motion", "past_until")),
    **dict.fromkeys(("zone", "past_zone", "differences", "close_calls", "missing_names"), ""),
    "has_moved": False,
}
NUMBERS_ARE_SEEN = Q(level__in=SHOWS_NUMBERS)
A_YEAR = timedelta(days=365)
# Of those whose numbers are seen, what stands on the coverage map.
PLACED = Q(weight__isnull=False)
# And what can be weighed: its share is known, and its difficulty, or that need not be asked.
WEIGHED = Q(share__isnull=False) & (Q(difficulty_low__isnull=False) | Q(ownership=Ownership.SPECIALIZE))
# Of those whose numbers are seen, what has an answer that is a year old, so that it can have moved.
AGED = Q(past_acv__isnull=False) | Q(past_motion__isnull=False)
# What a portfolio is narrowed by: the condition of a facet's code, or the column that holds the code.
CONDITIONS: dict[str, dict[str, Q]] = {
    "fit": {"differs": DIFFERS, "fits": FITS, "open": SAYS_TODAY & ~DIFFERS & ~FITS, "unknown": ~SAYS_TODAY},
    "near": {"near": NUMBERS_ARE_SEEN & ~Q(close_calls="")},
    "moved": {"year": NUMBERS_ARE_SEEN & Q(has_moved=True)},
    "team": {"open": Q(team="")},
    "current": {"unsaid": Q(current_team="")},
}
COLUMNS = {
    "team": "team",
    "current": "current_team",
    "verdict": "ownership",
    "owner": "owner",
    "stage": f"{COMPANY}__stage",
    "sector": f"{COMPANY}__sector",
}


DIFFERS_OR_NOT = Case(When(DIFFERS, then=1), default=0)


def _column(named: str | Case) -> F | Case:
    return F(named) if isinstance(named, str) else named


class Order(NamedTuple):
    """What a portfolio is ordered by.

    Attributes:
        columns: What comes first is read first.
        falls: Whether the largest comes first, unless somebody turns it round. What is not known always comes last.
        public: Those of the columns that are known of companies that share their advice only, too.
    """

    columns: tuple[str | Case, ...]
    falls: bool
    public: tuple[str | Case, ...] = ()


ORDERS: dict[str, Order] = {
    # What differs first, and of that what there is most to lose with.
    "fit": Order((DIFFERS_OR_NOT, f"{SEGMENT}__arr", "acv"), falls=True, public=(DIFFERS_OR_NOT,)),
    "company": Order((f"{COMPANY}__name",), falls=False, public=(f"{COMPANY}__name",)),
    "acv": Order(("acv",), falls=True),
    "motion": Order(("motion",), falls=True),
    "share": Order(("share",), falls=False),
    "difficulty": Order(("difficulty",), falls=True),
    "weight": Order(("weight",), falls=True),
    "arr": Order((f"{SEGMENT}__arr",), falls=True),
    "changed": Order(("scenario__changed_at",), falls=True),
}
BY_NAME = (f"{COMPANY}__name", f"{SEGMENT}__name", "pk")


def _last_decisions() -> models.QuerySet[Decision]:
    """The newest recorded decision on each scenario. Of few decisions, so that no statement asks each of thousands of segments for them."""
    later = Decision.objects.filter(scenario=OuterRef("scenario"), recorded_at__gt=OuterRef("recorded_at"))
    return Decision.objects.filter(~Exists(later), recorded_at__isnull=False)


def _last_decision_is_due(today: date) -> Q:
    return Q(scenario__in=_last_decisions().filter(review_on__lte=today).values("scenario"))


def _last_decision_turned() -> Q:
    """A tripwire is tied to where the advice turns: it is crossed where verdict or team is no longer the one of the decision."""
    was = _last_decisions().annotate(
        was_verdict=KT("snapshot__advice__verdict"),
        was_team=Coalesce(KT("snapshot__advice__team"), Value(""), output_field=models.TextField()),
    )
    now = "scenario__stored_advice"
    turned = was.filter(~Q(was_verdict=F(f"{now}__ownership")) | ~Q(was_team=F(f"{now}__team")))
    return Q(scenario__in=turned.values("scenario"))


class StoredAdviceQuerySet(models.QuerySet["StoredAdvice"]):
    _workspaces: models.QuerySet[Any] | list[int] | tuple[()] = ()  # of who asks, by `visible_to`

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # which Django's own managers build upon
        clone._workspaces = self._workspaces
        return clone

    def visible_to(self, user: User) -> Self:
        """What is stored of the scenarios of every company that this person sees, each with its `level`.

        Of a company that shares its advice only, nothing else is read, filtered by or ordered by. All below relies on `level`.
        """
        return self._seen_by(workspaces_of(user))

    def of_workspace(self, workspace: int) -> Self:
        """`visible_to` for who acts in one workspace alone."""
        return self._seen_by([workspace])

    def _seen_by(self, workspaces: models.QuerySet[Any] | list[int]) -> Self:
        found = seen_by(self, workspaces, company=COMPANY)
        found._workspaces = workspaces
        return found

    def _fetch_all(self) -> None:
        # Here, and not where rows are shown: so nobody can forget it.
        is_read_already = self._result_cache is not None
        super()._fetch_all()
        for row in [] if is_read_already else self._result_cache or []:
            if getattr(row, "level", OWN) == Level.ADVICE:
                row.withhold()

    def companies(self) -> list[Company]:
        """The companies of these, with key, name, workspace and `role`; in one statement."""
        fields = (COMPANY, f"{COMPANY}__name", f"{COMPANY}__workspace", "level")
        found = []
        for pk, name, workspace, level in self.order_by().values_list(*fields).distinct():
            company = Company(pk=pk, name=name, workspace_id=workspace)
            company.role = None if level == OWN else GUEST
            found.append(company)
        return found

    def levels(self) -> dict[int, str]:
        """What is seen of each of these scenarios, in their order."""
        return dict(self.values_list("pk", "level"))  # type: ignore[misc]  # by `visible_to`

    def one_a_segment(self) -> Self:
        """Of each segment the scenario that a portfolio shows: the one called Today, else the first."""
        others = Scenario.objects.filter(segment=OuterRef("scenario__segment")).exclude(pk=OuterRef("scenario"))
        before = others.filter(Q(name__iexact=TODAY) | Q(pk__lt=OuterRef("scenario")))
        # That none comes before it is asked of each row in two thirds of the time that looking up the first takes.
        return self.filter(Q(scenario__name__iexact=TODAY) | ~Exists(before))

    def with_numbers(self) -> Self:
        """Those of which more than the advice is seen. To count of these is quicker than to count what is so and seen, many times over."""
        return self.filter(NUMBERS_ARE_SEEN)

    def condition(self, name: str, code: str) -> Q:
        """What a segment must be like for this code of this facet."""
        if name == "decision":  # made in a workshop, of which nobody else sees anything
            return Q(level=OWN) & (_last_decision_turned() if code == "turned" else _last_decision_is_due(timezone.localdate()))
        if name == "workspace":
            way, _, key = code.partition("-")
            return self._with(int(key)) if way == "with" else Q(**{"level": OWN, f"{COMPANY}__workspace": int(key)})
        return CONDITIONS.get(name, {}).get(code) or Q(**{COLUMNS[name]: code})

    def _with(self, workspace: int) -> Q:
        """What is shared with a workspace of who asks: with whom else a company is shared is not theirs to know."""
        shared = Share.objects.present().filter(portfolio=workspace, portfolio__in=self._workspaces)
        return Q(**{f"{COMPANY}__in": shared.values("company")})

    def narrowed(self, search: str, chosen: Mapping[str, str], *, but: str = "") -> Self:
        """Those with this text in the name of company or segment, and these codes of facets; the facet `but` is passed over."""
        found = self
        for name, code in chosen.items():
            if name != but:
                found = found.filter(self.condition(name, code))
        if search:
            found = found.filter(Q(**{f"{COMPANY}__name__icontains": search}) | Q(**{f"{SEGMENT}__name__icontains": search}))
        return found

    def keys_of_companies(self, companies: Sequence[int]) -> dict[int, list[int]]:
        """The keys of the scenarios of each of these companies, what differs first; in one statement."""
        found: dict[int, list[int]] = {company: [] for company in companies}
        for company, scenario in self.filter(**{f"{COMPANY}__in": companies}).in_order("fit").values_list(COMPANY, "pk"):
            found[company].append(scenario)
        return found

    def in_order(self, sort: str, *, is_turned: bool = False) -> Self:
        """In one of `ORDERS`, or in its opposite, and by name where that leaves it open."""
        order = ORDERS[sort]
        falls = order.falls != is_turned
        known = [
            _column(column) if column in order.public else Case(When(NUMBERS_ARE_SEEN, then=_column(column))) for column in order.columns
        ]
        columns = [column.desc(nulls_last=True) if falls else column.asc(nulls_last=True) for column in known]
        return self.order_by(*columns, *BY_NAME)


class StoredAdvice(models.Model):
    """The advice on one scenario at one revision, by one policy. Derived: `services.portfolio` writes it, and nothing else does.

    Money in USD a year, share and weight as fractions, motion and difficulty of 100; codes as the framework's. None where unknown.
    """

    scenario = models.OneToOneField(Scenario, primary_key=True, on_delete=models.CASCADE, related_name="stored_advice")
    revision = models.PositiveIntegerField(help_text="Of the scenario that it was computed from.")
    policy_version = models.ForeignKey(
        PolicyVersion,
        null=True,
        db_index=False,
        on_delete=models.DO_NOTHING,
        related_name="+",
        help_text="By which it was computed; empty: the default.",
    )
    answers = models.JSONField(default=dict, help_text="Those present from which the measures follow, by name, in stored units.")
    acv = models.FloatField(null=True)
    motion = models.FloatField(null=True)
    weight = models.FloatField(null=True)
    share = models.FloatField(null=True)
    potential = models.FloatField(null=True)
    difficulty = models.FloatField(null=True)
    difficulty_low = models.FloatField(null=True, help_text="The least that it can be while a fact is not answered.")
    difficulty_high = models.FloatField(null=True)
    zone = models.CharField(max_length=CODE_LENGTH, blank=True)
    past_acv = models.FloatField(null=True, help_text="A year ago; empty where it was not answered then.")
    past_motion = models.FloatField(null=True)
    past_zone = models.CharField(max_length=CODE_LENGTH, blank=True, help_text="By the thresholds of now.")
    past_until = models.DateTimeField(null=True, help_text="From when on a year ago is told otherwise; empty: never.")
    has_moved = models.BooleanField(default=False, help_text="ACV or motion was answered a year ago, and is another now.")
    team = models.CharField(max_length=CODE_LENGTH, blank=True)
    ownership = models.CharField(max_length=CODE_LENGTH)
    owner = models.CharField(max_length=CODE_LENGTH)
    current_team = models.CharField(max_length=CODE_LENGTH, blank=True)
    current_owner = models.CharField(max_length=CODE_LENGTH, blank=True)
    team_differs = models.BooleanField(default=False)
    owner_differs = models.BooleanField(default=False)
    differences = models.TextField(blank=True, help_text="What differs today and the rule, a line each.")
    close_calls = models.CharField(max_length=60, blank=True, help_text="Which thresholds are near, by commas.")
    missing_names = models.TextField(blank=True, help_text="Which questions could still settle verdict or team, by commas.")

    level: str  # by `visible_to`: OWN, or what is shared of its company

    objects = StoredAdviceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stored advice"

    def __str__(self) -> str:
        return f"{self.scenario_id} at revision {self.revision}: {self.ownership}, {self.team}"

    @property
    def arr(self) -> float | None:
        """Of the segment, as it is now; kept back as the other numbers are."""
        return self.scenario.segment.arr if self.shows_numbers else None

    @property
    def is_aged(self) -> bool:
        """Whether an answer that places it is a year old."""
        return self.past_acv is not None or self.past_motion is not None

    @property
    def shows_numbers(self) -> bool:
        return self.level in SHOWS_NUMBERS

    def withhold(self) -> None:
        """Keep back what is not the advice; what differs is then told without its rule, which says numbers."""
        for name, nothing in WITHHELD.items():
            setattr(self, name, nothing)
        self.differences = "\n".join(self._differences_without_numbers())

    def _differences_without_numbers(self) -> Iterator[str]:
        if self.team_differs:
            today = TEAM_NAMES[Team(self.current_team)]
            yield f"Runs {today}; {TEAM_NAMES[Team(self.team)]} is advised." if self.team else f"Runs {today}, which is not advised."
        if self.owner_differs:
            owner = OWNER_NAMES[Owner(self.current_owner)]
            yield f"{owner[:1].upper()}{owner[1:]} owns the expansion; advised: {OWNER_NAMES[Owner(self.owner)]}."

    @property
    def difference_lines(self) -> list[str]:
        return self.differences.splitlines()

    @property
    def missing(self) -> tuple[str, ...]:
        """`Advice.missing`; empty where numbers are kept back."""
        return tuple(self.missing_names.split(",")) if self.missing_names else ()


def stale(scenarios: ScenarioQuerySet, now: datetime) -> ScenarioQuerySet:
    """Those of these scenarios whose advice is not stored, or of an earlier revision, or by another policy than the one in force,
    or beside another position of a year ago.
    """
    in_force = Coalesce(F("segment__company__workspace__policy_version"), NO_VERSION)
    by_another = ~Q(by_version=in_force)
    known = scenarios.alias(by_version=Coalesce(F("stored_advice__policy_version"), NO_VERSION))
    is_past = Q(stored_advice__past_until__lte=now)
    return known.filter(Q(stored_advice=None) | ~Q(stored_advice__revision=F("revision")) | by_another | is_past)


def _is_measured(name: str) -> bool:
    return question_and_path(name)[0] in MEASURED


def stored_advice_of(scenario: Scenario, advice: Advice) -> StoredAdvice:
    """The row of a scenario that was read `with_past` of a year ago, not saved."""
    answers, mismatches = advice.scenario, advice.copy_check.mismatches
    past = position_of(scenario.past_acv, scenario.past_motion, scenario.policy)
    moves = ((scenario.past_acv, answers.acv), (scenario.past_motion, answers.motion))
    return StoredAdvice(
        scenario=scenario,
        revision=scenario.revision,
        policy_version_id=scenario.segment.company.workspace.policy_version_id,
        answers={name: value for name, value in scenario.present_values().items() if value is not None and _is_measured(name)},
        acv=answers.acv,
        motion=answers.motion,
        weight=None if advice.position is None else advice.position.weight,
        share=advice.share,
        potential=advice.potential,
        difficulty=None if advice.difficulty is None else advice.difficulty.score,
        difficulty_low=None if advice.difficulty is None else advice.difficulty.low,
        difficulty_high=None if advice.difficulty is None else advice.difficulty.high,
        zone=advice.zone or "",
        past_acv=scenario.past_acv,
        past_motion=scenario.past_motion,
        past_zone="" if past is None else zone_of(past.weight, scenario.policy),
        past_until=None if scenario.placed_next_at is None else scenario.placed_next_at + A_YEAR,
        has_moved=any(then is not None and now is not None and then != now for then, now in moves),
        team=advice.team or "",
        ownership=advice.ownership,
        owner=advice.owner,
        current_team=answers.current_team or "",
        current_owner=answers.current_owner or "",
        team_differs="team" in advice.mismatch,
        owner_differs="owner" in advice.mismatch,
        differences="\n".join(mismatch.sentence for mismatch in mismatches),
        close_calls=",".join(advice.close_calls),
        missing_names=",".join(advice.missing),
    )
