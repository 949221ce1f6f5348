"""What the segments of a portfolio earn: which do not pay for the people around them, and where money favours another team."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, Q, Sum, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.economics.draws import DRAWS
from advisor.economics.many import CLEAR_OF_MANY, DRAWS_OF_MANY, ERROR_OF_MANY
from advisor.economics.rounding import Tell, chance, money_to, months_to, percent_to, share_to, step_of, told
from advisor.economics.team_verdict import LEAST_LTV_TO_CAC, is_doubtful, times_told
from advisor.economics.teams import TEAMS
from advisor.economics.uncertainty import CLEAR, Spread
from advisor.economics.words import INPUTS
from advisor.exports.numbers_file import EARNS, NO_AE, numbers_rows, why_no_change
from advisor.exports.sheets import CSV, XLSX, Writer, content_of, write_csv, write_xlsx
from advisor.forms.portfolio import PortfolioView, read_view
from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES, money, percent
from advisor.models import Answer, KeptAssumptions, StoredAdvice, StoredNumbers
from advisor.models.portfolio import COMPANY, SEGMENT, StoredAdviceQuerySet
from advisor.models.scenario import TODAY
from advisor.services.audit import record_sight_of_rows
from advisor.services.portfolio import bring_up_to_date
from advisor.services.portfolio_numbers import bring_numbers_up_to_date
from advisor.views import access
from advisor.views.charts import sentence
from advisor.views.http import download, whole

A_PAGE = 50  # rows
POINT = 0.01  # what retention is told to
NUMBERS = "scenario__stored_numbers"
KNOWN = Q(**{f"{NUMBERS}__is_known": True})
ARR = f"{SEGMENT}__arr"
ASSUMED = "assumed"
NOT_SAID, NO_BREAK = "\N{EN DASH}", "\N{NO-BREAK SPACE}"
DOUBTFUL = "doubtful"  # which the segment's own page says why
NONE_EARNS = "none earns its cost"


class Order(NamedTuple):
    """What the table is ordered by, the most worrying or the largest first.

    Attributes:
        name: Its heading.
        column: Of the database.
        falls: Whether the highest comes first.
        none_first: Whether what has no value does.
    """

    name: str
    column: str
    falls: bool
    none_first: bool = False


class Only(NamedTuple):
    """What the page can be narrowed by: what is said of one segment, and of several, and which they are."""

    of_one: str
    of_several: str
    condition: Q

    def words(self, number: int) -> str:
        return self.of_one if number == 1 else self.of_several


ORDERS: dict[str, Order] = {
    "acv": Order("ACV", "acv", falls=True),
    "arr": Order("ARR", ARR, falls=True),
    "changing": Order("Changing the team brings, a deal", f"{NUMBERS}__changing", falls=True),
    "ltv": Order("LTV / CAC", f"{NUMBERS}__ltv_to_cac", falls=False),
    "payback": Order("CAC paid back", f"{NUMBERS}__payback", falls=True, none_first=True),
    "nrr": Order("Net retention, first year", f"{NUMBERS}__nrr", falls=False),
    "serve": Order("Cost to serve, of contract", f"{NUMBERS}__cost_to_serve_share", falls=True),
    "keeping": Order("Keeping the AE brings more in", f"{NUMBERS}__keeping", falls=True),
}
# What a deal loses where LTV / CAC is below 0: by the loss itself, since the smaller the CAC is, the larger the ratio would be.
LOSS = Case(When(**{f"{NUMBERS}__ltv_to_cac__lt": 0.0}, then=F(f"{NUMBERS}__value")))
# The columns of numbers in their order: what each can be ordered by.
HEADS: tuple[tuple[str, ...], ...] = (("acv", "arr"), ("changing",), ("ltv",), ("payback",), ("nrr",), ("serve",), ("keeping",))
USUAL = "ltv"
EARNS_CLEARLY = ~Q(**{f"{NUMBERS}__best": ""}) & Q(**{f"{NUMBERS}__best_in__gte": CLEAR_OF_MANY})
ONLY: dict[str, Only] = {
    "low": Only(
        f"earns less than {LEAST_LTV_TO_CAC:g} times its CAC",
        f"earn less than {LEAST_LTV_TO_CAC:g} times their CAC",
        Q(**{f"{NUMBERS}__ltv_to_cac__lt": LEAST_LTV_TO_CAC}),
    ),
    "never": Only("never pays its CAC back", "never pay their CAC back", Q(**{f"{NUMBERS}__payback": None})),
    "other": Only(
        "clearly earns most with another team than advised",
        "clearly earn most with another team than advised",
        EARNS_CLEARLY & ~Q(team="") & ~Q(team=F(f"{NUMBERS}__best")),
    ),
    # Of a team that is none of the four nobody knows what it earns.
    "today": Only(
        "runs another team today than the one that clearly earns most",
        "run another team today than the one that clearly earns most",
        EARNS_CLEARLY & Q(current_team__in=TEAMS) & ~Q(current_team=F(f"{NUMBERS}__best")),
    ),
}


class Cell(NamedTuple):
    """One number of a segment; `also` is another, on a line of its own."""

    name: str
    text: str
    between: str = ""
    note: str = ""
    also: str = ""


class Row(NamedTuple):
    """A segment: its key, what it is called, the teams, whether that of today is a guess, whether assumptions are kept, and its numbers."""

    pk: int
    title: str
    advised: str
    today: str
    today_is_guess: bool
    best: str
    best_in: str
    is_other: bool
    is_kept: bool
    first: Cell
    cells: list[Cell]


class Link(NamedTuple):
    """A choice: its words, the query that has it, and whether it is chosen."""

    words: str
    address: str
    is_chosen: bool


class Head(NamedTuple):
    """A column's heading: by what it can be ordered, and as `aria-sort` has it; empty where another column orders."""

    links: list[Link]
    sorted: str


@gzip_page
@require_safe
def portfolio_numbers(request: HttpRequest) -> HttpResponse:
    user = access.user_of(request)
    bring_up_to_date(user)
    bring_numbers_up_to_date(user)
    view, by, only = read_view(request.GET), _choice(request, "by", ORDERS) or USUAL, _choice(request, "only", ONLY)
    everything = StoredAdvice.objects.visible_to(user).one_a_segment().narrowed(view.search, view.chosen)
    seen = everything.with_numbers()
    shown = KNOWN & ONLY[only].condition if only else KNOWN
    counts = seen.aggregate(
        seen=Count("pk"),
        known=Count("pk", filter=KNOWN),
        shown=Count("pk", filter=shown),
        shown_today=Count("pk", filter=shown & ONLY["today"].condition),
        arr_said=Count(ARR, filter=shown),
        arr=Sum(ARR, filter=shown),
        arr_said_today=Count(ARR, filter=shown & ONLY["today"].condition),
        arr_today=Sum(ARR, filter=shown & ONLY["today"].condition),
        **{code: Count("pk", filter=KNOWN & each.condition) for code, each in ONLY.items()},
    )
    hidden = max(0, everything.count() - counts["seen"])
    pages = Paginator(_ordered(seen, by, only), A_PAGE)
    pages.count = counts["shown"]
    page = pages.get_page(whole(request.GET.get("page", "")) or 1)
    rows = list(page.object_list)
    keys = [each.scenario_id for each in rows]
    kept, guesses = KeptAssumptions.objects.that_change(keys, INPUTS), Answer.objects.guesses_of(keys)
    record_sight_of_rows(rows, by=access.actor_of(request))
    context = {
        "view": view,
        "query": view.query,
        "narrowed": view.words({}),
        "rows": [_row(each, guesses.get(each.scenario_id, ()), is_kept=each.scenario_id in kept) for each in rows],
        "counts": counts,
        "total": _total(counts),
        "hidden": hidden,
        "missing": counts["seen"] - counts["known"],
        "by": by,
        "orders": [(code, order.name) for code, order in ORDERS.items()],
        "same_segments": QueryDict(_address(view, USUAL, only)).dict(),
        "heads": [_head(view, codes, by, only) for codes in HEADS],
        "order": ("the highest first" if ORDERS[by].falls else "the lowest first") + f" by “{ORDERS[by].name}”",
        "files": _address(view, by, only),
        "show_all": _address(view, by, ""),
        "is_narrowed": bool(only),
        "only": [
            (counts[code], Link(each.words(counts[code]), _address(view, by, "" if code == only else code), code == only))
            for code, each in ONLY.items()
            if counts[code] or code == only
        ],
        "page": page,
        "before": _address(view, by, only, page.number - 1) if page.has_previous() else "",
        "after": _address(view, by, only, page.number + 1) if page.has_next() else "",
        "draws": DRAWS_OF_MANY,
        "draws_of_one": f"{DRAWS:,}",
        "error": round(100 * ERROR_OF_MANY),
        "clear": percent(CLEAR_OF_MANY),
        "clear_of_one": percent(CLEAR),
        "least": f"{LEAST_LTV_TO_CAC:g}",
    }
    return render(request, "portfolio_numbers.html", context)


# --- As files -------------------------------------------------------------------------------------------


@require_safe
def portfolio_numbers_csv(request: HttpRequest) -> HttpResponse:
    return _file(request, write_csv, "what-they-earn.csv", CSV)


@require_safe
def portfolio_numbers_xlsx(request: HttpRequest) -> HttpResponse:
    return _file(request, write_xlsx, "what-they-earn.xlsx", XLSX)


def _file(request: HttpRequest, write: Writer, name: str, content_type: str) -> HttpResponse:
    """Every segment of the page's view that has numbers, in its order. A script whose address cannot be read gets no other view: 400."""
    view = read_view(request.GET)
    unknown = [
        f"{key}: expected one of {', '.join(known)}, got {request.GET[key][:40]!r}."
        for key, known in (("by", ORDERS), ("only", ONLY))
        if request.GET.get(key) and request.GET[key] not in known
    ]
    if view.notices or unknown:
        return sentence("\n".join((*view.notices, *unknown)), 400)
    user = access.user_of(request)
    bring_up_to_date(user)
    bring_numbers_up_to_date(user)
    seen = StoredAdvice.objects.visible_to(user).one_a_segment().narrowed(view.search, view.chosen).with_numbers()
    found = _ordered(seen, _choice(request, "by", ORDERS) or USUAL, _choice(request, "only", ONLY))
    keys = found.order_by().values_list("scenario_id", flat=True)
    kept, guesses = KeptAssumptions.objects.that_change(keys, INPUTS), Answer.objects.guesses_of(keys)

    def link(scenario: int) -> str:
        return request.build_absolute_uri(reverse("numbers", args=[scenario]))

    rows = numbers_rows(found.select_related(f"{COMPANY}__workspace").iterator(), guesses, kept, link)
    content = content_of(write, EARNS, rows)
    access.note_export(request, f"Exported what the portfolio earns as {name}.", found.companies())
    return download(content, name, content_type)


# --- Of either ------------------------------------------------------------------------------------------


def _choice(request: HttpRequest, name: str, known: Container[str]) -> str:
    """What the address chooses; empty where it chooses nothing that there is."""
    asked = request.GET.get(name, "")
    return asked if asked in known else ""


def _ordered(seen: StoredAdviceQuerySet, by: str, only: str) -> StoredAdviceQuerySet:
    """The rows with their numbers; what never comes is the longest, and where there is no AE to keep is last. By LTV / CAC what loses
    comes first, the largest loss before all.
    """
    order = ORDERS[by]
    column = F(order.column)
    nulls = {"nulls_first": True} if order.none_first else {"nulls_last": True}
    first = column.desc(**nulls) if order.falls else column.asc(**nulls)
    found = seen.filter(KNOWN & ONLY[only].condition if only else KNOWN).select_related(COMPANY, NUMBERS)
    losses = [LOSS.asc(nulls_last=True)] if by == "ltv" else []
    return found.order_by(*losses, first, f"{COMPANY}__name", f"{SEGMENT}__name", "pk")


def _address(view: PortfolioView, by: str, only: str, page: int = 1) -> str:
    """The query of the same segments, otherwise ordered or narrowed."""
    parts: Mapping[str, str] = {"by": "" if by == USUAL else by, "only": only, "page": "" if page == 1 else str(page)}
    return "&".join(each for each in (view.query, urlencode({name: value for name, value in parts.items() if value})) if each)


def _head(view: PortfolioView, codes: Sequence[str], by: str, only: str) -> Head:
    links = [Link(ORDERS[code].name, _address(view, code, only), code == by) for code in codes]
    return Head(links, ("descending" if ORDERS[by].falls else "ascending") if by in codes else "")


def _total(counts: Mapping[str, Any]) -> str:
    """What the segments that are shown hold together, as far as it is said."""
    segments = f"{counts['shown']:,} segment{'' if counts['shown'] == 1 else 's'}"
    if not counts["arr_said"]:
        return f"{segments}; of none is the ARR said."
    said, others = counts["arr_said"], counts["shown_today"]
    of = "" if said == counts["shown"] else f" in the {said:,} that say{'s' if said == 1 else ''} it"
    held = f"{segments} with {money(counts['arr'])} ARR{of}"
    if not others:
        return f"{held}; none {ONLY['today'].words(1)}."
    which, known = f"the {others:,} that {ONLY['today'].words(others)}", counts["arr_said_today"]
    if not known:
        return f"{held}; of {which}, none says its ARR."
    which += "" if known == others else f", of which {known:,} say{'s' if known == 1 else ''} it"
    return f"{held}; {money(counts['arr_today'])} of it in {which}."


def _row(stored: StoredAdvice, guesses: Container[str], *, is_kept: bool) -> Row:
    numbers: StoredNumbers = stored.scenario.stored_numbers  # type: ignore[attr-defined, unused-ignore]  # read along by `_ordered`
    segment = stored.scenario.segment
    best = TEAM_NAMES[Team(numbers.best)] if numbers.best else NONE_EARNS
    ltv = times_told(Spread(numbers.ltv_to_cac_low, numbers.ltv_to_cac, numbers.ltv_to_cac_high, 0.0))
    loss = f"{_alone(numbers.value or 0.0, money_to)} a deal" if (numbers.ltv_to_cac or 0.0) < 0 else ""
    return Row(
        stored.pk,
        ", ".join([segment.company.name, segment.name, *([] if stored.scenario.name == TODAY else [stored.scenario.name])]),
        TEAM_NAMES[Team(stored.team)] if stored.team else "open",
        _today(stored),
        "current_team" in guesses,
        best,
        chance(numbers.best_in or 0.0),
        bool(stored.team and numbers.best and stored.team != numbers.best and (numbers.best_in or 0.0) >= CLEAR_OF_MANY),
        is_kept,
        Cell(
            f"{ORDERS['acv'].name}, {ORDERS['arr'].name}",
            money(stored.acv or 0.0),
            note=ASSUMED if "acv" in guesses else "",
            also=NO_BREAK.join((ORDERS["arr"].name, NOT_SAID if stored.arr is None else money(stored.arr))),
        ),
        [
            _changing(stored, numbers),
            Cell(ORDERS["ltv"].name, ltv.typical, ltv.range, also=loss),
            Cell(ORDERS["payback"].name, "never" if numbers.payback is None else f"{_alone(numbers.payback, months_to)} months"),
            Cell(ORDERS["nrr"].name, f"{percent_to(numbers.nrr or 0.0, POINT)} %", note=DOUBTFUL if is_doubtful(numbers.nrr) else ""),
            Cell(ORDERS["serve"].name, f"{_alone(numbers.cost_to_serve_share or 0.0, share_to)} %"),
            Cell(ORDERS["keeping"].name, NO_AE if numbers.keeping is None else chance(numbers.keeping)),
        ],
    )


def _changing(stored: StoredAdvice, numbers: StoredNumbers) -> Cell:
    """What a deal brings more with the advised team than with today's, or why that is not known."""
    name = ORDERS["changing"].name
    if numbers.changing is None:
        return Cell(name, "", why_no_change(stored))
    gained = told(Spread(numbers.changing_low, numbers.changing, numbers.changing_high, 0.0), money_to)
    return Cell(name, gained.typical, gained.range)


def _today(stored: StoredAdvice) -> str:
    if not stored.current_team:
        return "not said"
    return "the same" if stored.current_team == stored.team else TEAM_NAMES[Team(stored.current_team)]


def _alone(value: float, tell: Tell) -> str:
    """A number whose range is not told beside it, in two digits."""
    return tell(value, step_of(value, value))
