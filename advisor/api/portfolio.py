"""The portfolio: every segment with its stored advice, narrowed and ordered as the page is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from advisor.api import access, shapes
from advisor.api.authentication import token
from advisor.api.errors import invalid
from advisor.api.paging import next_address
from advisor.forms.portfolio import (
    BORDER,
    DECISIONS,
    FIT,
    LONGEST_SEARCH,
    MOVES,
    OWNERS,
    SORTS,
    TEAMS,
    TEAMS_TODAY,
    TURNED,
    VERDICTS,
    read_view,
)
from advisor.models import StoredAdvice
from advisor.models.portfolio import COMPANY
from advisor.services.audit import record_sight_of_rows
from advisor.services.portfolio import bring_up_to_date

router = Router()
Row = dict[str, Any]
DIFFERENCES = (("team", "team_differs"), ("owner", "owner_differs"))


def one_of(codes: Iterable[str], said: str) -> Any:
    """How a facet is told in the description."""
    return Field(description=f"{said}: {', '.join(codes)}.")


@router.get("/portfolio", response=shapes.Portfolio, summary="List segments with their advice, narrowed and ordered as the page Portfolio")
def read_portfolio(
    request: HttpRequest,
    q: Annotated[str, Field(max_length=LONGEST_SEARCH, description="A text in the name of company or segment.")] = "",
    fit: Annotated[str, one_of(FIT, "Today")] = "",
    team: Annotated[str, one_of(TEAMS, "Advised team")] = "",
    current: Annotated[str, one_of(TEAMS_TODAY, "Team today")] = "",
    verdict: Annotated[str, one_of(VERDICTS, "Verdict")] = "",
    owner: Annotated[str, one_of(OWNERS, "Advised owner of the expansion")] = "",
    decision: Annotated[str, one_of(DECISIONS, "Decision")] = "",
    near: Annotated[str, one_of(BORDER, "Close calls")] = "",
    moved: Annotated[str, one_of(MOVES, "Moves")] = "",
    stage: str = "",
    sector: str = "",
    sort: Annotated[str, one_of(SORTS, "Order")] = "",
    direction: Annotated[str, one_of((TURNED,), "The order's opposite")] = "",
    page: Annotated[int, Field(ge=1, le=999_999)] = 1,
    limit: shapes.Limit = shapes.A_PAGE,
) -> Row:
    facets = {"fit": fit, "team": team, "current": current, "verdict": verdict, "owner": owner}
    facets |= {"decision": decision, "near": near, "moved": moved, "stage": stage, "sector": sector}
    order = {"sort": sort, "direction": direction}
    problems = []
    for name, text in {**facets, **order}.items():
        problems += [(name, notice) for notice in read_view({name: text}).notices]
    if problems:
        raise invalid(*problems)
    view = read_view({**facets, **order, "q": q})
    bring_up_to_date(token(request).user)
    found = access.stored_advice(request).one_a_segment().narrowed(view.search, view.chosen)
    start = (page - 1) * limit
    rows = list(found.select_related(COMPANY).in_order(view.sort, is_turned=view.is_turned)[start : start + limit])
    record_sight_of_rows(rows, by=access.actor_of(request))
    total = found.count()
    following = next_address(request, page=page + 1) if start + limit < total else None
    return {"total": total, "items": [portfolio_row(row) for row in rows], "next": following}


def portfolio_row(stored: StoredAdvice) -> Row:
    scenario = stored.scenario
    segment = scenario.segment
    company = segment.company
    return {
        "scenario": scenario.pk,
        "revision": stored.revision,
        "company_id": company.pk,
        "segment_id": segment.pk,
        "company": company.name,
        "segment": segment.name,
        "scenario_name": scenario.name,
        "stage": company.stage,
        "sector": company.sector,
        "motion": stored.motion,
        "acv_usd": stored.acv,
        "arr_usd": stored.arr,
        "weight": stored.weight,
        "zone": stored.zone or None,
        "first_sale_share": stored.share,
        "expansion_difficulty": stored.difficulty,
        "ownership": stored.ownership,
        "team": stored.team or None,
        "expansion_owner": stored.owner,
        "current_team": stored.current_team or None,
        "current_owner": stored.current_owner or None,
        "close_calls": [each for each in stored.close_calls.split(",") if each],
        "mismatch": [name for name, differs in DIFFERENCES if getattr(stored, differs)],
        "differences": stored.difference_lines,
    }
