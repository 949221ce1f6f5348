"""Companies and their segments."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from ninja import Router, Status

from advisor.api import access, shapes
from advisor.api.authentication import check_write, token
from advisor.api.paging import page
from advisor.api.texts import change, is_taken, read_segment_details, read_texts
from advisor.models import Company, Segment
from advisor.services import company as service
from advisor.services.removal import delete_company, delete_segment

router = Router()
Row = dict[str, Any]


def company_row(company: Company) -> Row:
    return {name: getattr(company, name) for name in ("id", "name", "stage", "sector", "created_at")}


def segment_row(segment: Segment) -> Row:
    return (
        {"company": segment.company_id}
        | {name: getattr(segment, name) for name in ("id", "name", "note", "created_at")}
        | {"arr_usd": segment.arr}
    )


@router.get("/token", response=shapes.TokenOut, summary="What your token is and may do")
def read_token(request: HttpRequest) -> Row:
    mine = token(request)
    return {
        "name": mine.name,
        "user": mine.user.name,
        "workspace": mine.workspace.name,
        "role": mine.role,
        "scope": mine.scope,
        "expires_at": mine.expires_at,
    }


@router.get("/companies", response=shapes.Companies, summary="List and search companies")
def list_companies(request: HttpRequest, search: shapes.Search = "", after: shapes.After = 0, limit: shapes.Limit = shapes.A_PAGE) -> Row:
    found = access.companies(request).filter(name__icontains=search) if search else access.companies(request)
    rows, following = page(request, found, after=after, limit=limit)
    return {"items": [company_row(row) for row in rows], "next": following}


@router.post("/companies", response={201: shapes.CompanyOut}, summary="Add a company")
def add_company(request: HttpRequest, sent: shapes.CompanyIn) -> Status[Row]:
    check_write(request)
    texts = read_texts(sent)
    try:
        company = service.add_company(token(request).workspace, texts, by=access.actor_of(request))
    except IntegrityError as error:
        raise is_taken("company") from error
    return Status(201, company_row(company))


@router.get("/companies/{int:company}", response=shapes.CompanyOut, summary="Read a company")
def read_company(request: HttpRequest, company: int) -> Row:
    return company_row(access.company(request, company))


@router.patch("/companies/{int:company}", response=shapes.CompanyOut, summary="Change a company")
def change_company(request: HttpRequest, company: int, sent: shapes.CompanyChange) -> Row:
    found = access.company(request, company, to_edit=True)
    change(found, read_texts(sent), "company", by=access.actor_of(request))
    return company_row(found)


@router.delete("/companies/{int:company}", response={204: None}, summary="Delete a company with everything in it")
def remove_company(request: HttpRequest, company: int) -> Status[None]:
    delete_company(access.company(request, company, to_edit=True), by=access.actor_of(request))
    return Status(204, None)


@router.get("/companies/{int:company}/segments", response=shapes.Segments, summary="List the segments of a company")
def list_segments(request: HttpRequest, company: int, after: shapes.After = 0, limit: shapes.Limit = shapes.A_PAGE) -> Row:
    found = access.company(request, company)
    rows, following = page(request, access.segments(request).filter(company=found), after=after, limit=limit)
    return {"items": [segment_row(row) for row in rows], "next": following}


@router.post("/companies/{int:company}/segments", response={201: shapes.SegmentOut}, summary="Add a segment, with its scenario Today")
def add_segment(request: HttpRequest, company: int, sent: shapes.SegmentIn) -> Status[Row]:
    found = access.company(request, company, to_edit=True)
    details = read_segment_details(sent)
    try:
        segment = service.add_segment(found, details, by=access.actor_of(request)).segment
    except IntegrityError as error:
        raise is_taken("segment") from error
    return Status(201, segment_row(segment))


@router.get("/segments/{int:segment}", response=shapes.SegmentOut, summary="Read a segment")
def read_segment(request: HttpRequest, segment: int) -> Row:
    return segment_row(access.segment(request, segment))


@router.patch("/segments/{int:segment}", response=shapes.SegmentOut, summary="Change a segment")
def change_segment(request: HttpRequest, segment: int, sent: shapes.SegmentChange) -> Row:
    found = access.segment(request, segment, to_edit=True)
    change(found, read_segment_details(sent), "segment", by=access.actor_of(request))
    return segment_row(found)


@router.delete("/segments/{int:segment}", response={204: None}, summary="Delete a segment with its scenarios")
def remove_segment(request: HttpRequest, segment: int) -> Status[None]:
    delete_segment(access.segment(request, segment, to_edit=True), by=access.actor_of(request))
    return Status(204, None)
