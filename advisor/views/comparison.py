"""Two scenarios of a segment side by side."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.forms.scenario import ASKED, labelled, unit_of
from advisor.framework.advice import CROSS_CHECK_NAMES, difficulty_text
from advisor.framework.coverage import ZONE_NAMES
from advisor.framework.scenario import question_and_path
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, percent
from advisor.models import Answer, Scenario
from advisor.views import access
from advisor.views.policy_note import policy_note


@gzip_page
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    asked = access.scenario(request, pk)
    siblings = [
        other
        for other in access.scenarios_of_company(request, asked.segment.company)
        if other.segment_id == asked.segment_id and other.pk != pk
    ]
    if not siblings:
        return redirect("scenario", pk)
    wish = request.GET.get("with", "")
    chosen = next((other for other in siblings if str(other.pk) == wish), siblings[0])
    left, right = sorted((asked, chosen), key=lambda scenario: scenario.pk)  # the older one first, whichever was opened
    groups = [("Advice", _advice_rows(left, right)), ("Answers", _answer_rows(left, right))]
    context = {
        "left": left,
        "right": right,
        "siblings": siblings,
        "chosen": chosen,
        "policy": policy_note(left.segment.company.workspace, is_shared=left.is_shared),
        "groups": [
            {"name": name, "rows": [{"name": row[0], "left": row[1], "right": row[2], "differs": row[1] != row[2]} for row in rows]}
            for name, rows in groups
        ],
    }
    return render(request, "comparison.html", context)


Row = tuple[str, str, str]


def _advice_rows(left: Scenario, right: Scenario) -> list[Row]:
    def rows_of(scenario: Scenario) -> list[tuple[str, str]]:
        advice = scenario.advice()
        return [
            ("Verdict", advice.headline),
            ("Team", "Open" if advice.team is None else TEAM_NAMES[advice.team]),
            ("Owner of renewal and expansion", OWNER_NAMES[advice.owner].removeprefix("the ")),
            ("Zone", "" if advice.zone is None else ZONE_NAMES[advice.zone]),
            ("Share captured in the first sale", "" if advice.share is None else percent(advice.share)),
            ("Difficulty of the expansion", difficulty_text(advice.difficulty)),
            ("The two essays", CROSS_CHECK_NAMES[advice.cross_check]),
            ("Hand-overs", "" if advice.hand_overs is None else str(advice.hand_overs)),
            ("What would flip it", " ".join(advice.flip_sentences)),
        ]

    return [(name, mine, theirs) for (name, mine), (_, theirs) in zip(rows_of(left), rows_of(right), strict=True)]


def _answer_rows(left: Scenario, right: Scenario) -> list[Row]:
    here, there = left.present_answers(), right.present_answers()
    rows = []
    for name, question in ASKED.items():
        mine, theirs = _text(name, here), _text(name, there)
        if mine or theirs:
            _, path = question_and_path(name)
            rows.append((question.text + (f" (way {path})" if path > 1 else ""), mine, theirs))
    return rows


def _text(name: str, answers: Mapping[str, Answer]) -> str:
    text = labelled(name, answers[name].value) if name in answers else ""
    return f"{text} {unit_of(name)}".strip() if text else ""
