"""What the segments of a portfolio earn: which do not pay for the people around them, and where money favours another team."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.economics.draws import DRAWS
from advisor.economics.many import DRAWS_OF_MANY
from advisor.economics.rounding import Tell, chance, months_to, percent_to, share_to, step_of, told
from advisor.economics.team_verdict import LEAST_LTV_TO_CAC, is_doubtful, times_to
from advisor.economics.uncertainty import CLEAR, Spread
from advisor.economics.words import INPUTS
from advisor.exports.numbers_file import EARNS, NO_AE, numbers_rows
from advisor.exports.sheets import CSV, XLSX, Writer, content_of, write_csv, write_xlsx
from advisor.forms.portfolio import PortfolioView, read_view
from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES
from advisor.models import KeptAssumptions, StoredAdvice, StoredNumbers
from advisor.models.portfolio import COMPANY, SEGMENT, StoredAdviceQuerySet
from advisor.models.scenario import TODAY
from advisor.services.audit import record_sight_of_rows
from advisor.services.portfolio import bring_up_to_date
from advisor.services.portfolio_numbers import bring_numbers_up_to_date
from advisor.views import access
from advisor.views.charts import sentence
from advisor.views.http import download, whole
from advisor.views.numbers_page import NOTHING_SPENT

A_PAGE = 50  # rows
POINT = 0.01  # what retention is told to
NUMBERS = "scenario__stored_numbers"
KNOWN = Q(**{f"{NUMBERS}__is_known": True})
DOUBTFUL = "doubtful"  # which the segment's own page says why
NONE_EARNS = "none earns its cost"


class Order(NamedTuple):
    """What the table is ordered by, the most worrying first: its heading, its column, whether the largest is that, and whether none is."""

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
    "ltv": Order("LTV / CAC", "ltv_to_cac", falls=False),
    "payback": Order("CAC paid back", "payback", falls=True, none_first=True),
    "nrr": Order("Net retention, first year", "nrr", falls=False),
    "serve": Order("Cost to serve, of contract", "cost_to_serve_share", falls=True),
    "keeping": Order("Keeping the AE brings more in", "keeping", falls=True),
}
USUAL = "ltv"
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
        ~Q(team="") & ~Q(**{f"{NUMBERS}__best": ""}) & ~Q(team=F(f"{NUMBERS}__best")) & Q(**{f"{NUMBERS}__best_in__gte": CLEAR}),
    ),
}


class Cell(NamedTuple):
    """One number of a segment."""

    name: str
    text: str
    between: str = ""
    note: str = ""


class Row(NamedTuple):
    """A segment: its key, what it is called, the teams, whether assumptions are kept for it, and its numbers."""

    pk: int
    title: str
    advised: str
    best: str
    best_in: str
    is_other: bool
    is_kept: bool
    cells: list[Cell]


class Link(NamedTuple):
    """A choice: its words, the query that has it, and whether it is chosen."""

    words: str
    address: str
    is_chosen: bool


@gzip_page
@require_safe
def portfolio_numbers(request: HttpRequest) -> HttpResponse:
    user = access.user_of(request)
    bring_up_to_date(user)
    bring_numbers_up_to_date(user)
    view, by, only = read_view(request.GET), _choice(request, "by", ORDERS) or USUAL, _choice(request, "only", ONLY)
    everything = StoredAdvice.objects.visible_to(user).one_a_segment().narrowed(view.search, view.chosen)
    seen = everything.with_numbers()
    counts = seen.aggregate(
        seen=Count("pk"),
        known=Count("pk", filter=KNOWN),
        **{code: Count("pk", filter=KNOWN & each.condition) for code, each in ONLY.items()},
    )
    hidden = max(0, everything.count() - counts["seen"])
    pages = Paginator(_ordered(seen, by, only), A_PAGE)
    pages.count = counts[only] if only else counts["known"]
    page = pages.get_page(whole(request.GET.get("page", "")) or 1)
    rows = list(page.object_list)
    kept = KeptAssumptions.objects.that_change([each.scenario_id for each in rows], INPUTS)
    record_sight_of_rows(rows, by=access.actor_of(request))
    context = {
        "view": view,
        "query": view.query,
        "narrowed": view.words({}),
        "rows": [_row(each, is_kept=each.scenario_id in kept) for each in rows],
        "counts": counts,
        "hidden": hidden,
        "missing": counts["seen"] - counts["known"],
        "heads": [Link(order.name, _address(view, code, only), code == by) for code, order in ORDERS.items()],
        "falls": ORDERS[by].falls,
        "order": ("the highest first" if ORDERS[by].falls else "the lowest first") + f" by {ORDERS[by].name}",
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
    kept = KeptAssumptions.objects.that_change(found.order_by().values_list("scenario_id", flat=True), INPUTS)
    content = content_of(write, EARNS, numbers_rows(found.select_related(f"{COMPANY}__workspace").iterator(), kept))
    access.note_export(request, f"Exported what the portfolio earns as {name}.", found.companies())
    return download(content, name, content_type)


# --- Of either ------------------------------------------------------------------------------------------


def _choice(request: HttpRequest, name: str, known: Container[str]) -> str:
    """What the address chooses; empty where it chooses nothing that there is."""
    asked = request.GET.get(name, "")
    return asked if asked in known else ""


def _ordered(seen: StoredAdviceQuerySet, by: str, only: str) -> StoredAdviceQuerySet:
    """The rows with their numbers; what never comes is the longest, and where there is no AE to keep is last."""
    order = ORDERS[by]
    column = F(f"{NUMBERS}__{order.column}")
    nulls = {"nulls_first": True} if order.none_first else {"nulls_last": True}
    first = column.desc(**nulls) if order.falls else column.asc(**nulls)
    found = seen.filter(KNOWN & ONLY[only].condition if only else KNOWN).select_related(COMPANY, NUMBERS)
    return found.order_by(first, f"{COMPANY}__name", f"{SEGMENT}__name", "pk")


def _address(view: PortfolioView, by: str, only: str, page: int = 1) -> str:
    """The query of the same segments, otherwise ordered or narrowed."""
    parts: Mapping[str, str] = {"by": "" if by == USUAL else by, "only": only, "page": "" if page == 1 else str(page)}
    return "&".join(each for each in (view.query, urlencode({name: value for name, value in parts.items() if value})) if each)


def _row(stored: StoredAdvice, *, is_kept: bool) -> Row:
    numbers: StoredNumbers = stored.scenario.stored_numbers  # type: ignore[attr-defined, unused-ignore]  # read along by `_ordered`
    segment = stored.scenario.segment
    best = TEAM_NAMES[Team(numbers.best)] if numbers.best else NONE_EARNS
    ltv = told(Spread(numbers.ltv_to_cac_low, numbers.ltv_to_cac, numbers.ltv_to_cac_high, 0.0), times_to, undefined=NOTHING_SPENT)
    return Row(
        stored.pk,
        ", ".join([segment.company.name, segment.name, *([] if stored.scenario.name == TODAY else [stored.scenario.name])]),
        TEAM_NAMES[Team(stored.team)] if stored.team else "open",
        best,
        chance(numbers.best_in or 0.0),
        bool(stored.team and numbers.best and stored.team != numbers.best and (numbers.best_in or 0.0) >= CLEAR),
        is_kept,
        [
            Cell(ORDERS["ltv"].name, ltv.typical, ltv.range),
            Cell(ORDERS["payback"].name, "never" if numbers.payback is None else f"{_alone(numbers.payback, months_to)} months"),
            Cell(ORDERS["nrr"].name, f"{percent_to(numbers.nrr or 0.0, POINT)} %", note=DOUBTFUL if is_doubtful(numbers.nrr) else ""),
            Cell(ORDERS["serve"].name, f"{_alone(numbers.cost_to_serve_share or 0.0, share_to)} %"),
            Cell(ORDERS["keeping"].name, NO_AE if numbers.keeping is None else chance(numbers.keeping)),
        ],
    )


def _alone(value: float, tell: Tell) -> str:
    """A number whose range is not told beside it, in two digits."""
    return tell(value, step_of(value, value))
