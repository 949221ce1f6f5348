"""What the scenario page shows: fields with their origin, sliders with their flip marks, and the regions of the advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from advisor.charts.titles import spot_title
from advisor.forms.scenario import ASKED, SHARE_WAYS, labelled, shown
from advisor.framework.advice import CROSS_CHECK_NAMES, MOST, Advice, difficulty_text
from advisor.framework.compensation import NOBODY_PAID, NOT_PAID_ON
from advisor.framework.coverage import MOTION_STOPS, ZONE_NAMES
from advisor.framework.cross_check import CrossCheck
from advisor.framework.local_maximums import THE_WHOLE
from advisor.framework.ownership import Ownership
from advisor.framework.questions import FACT_QUESTIONS, LIR_QUESTIONS, QUESTION, TODAY_QUESTIONS, Question
from advisor.framework.responsibilities import STAGE_NAMES, Responsibilities, Stage, StageOwners
from advisor.framework.scenario import MOST_PATHS, SHARE_WAY, Fact, ShareWay, answer_name, question_and_path
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, money, percent, percent_as_set, points
from advisor.models import Answer, Origin, Scenario
from advisor.views.http import Region

PAGE = "scenario.html"


@dataclass(frozen=True, slots=True)
class Slider:
    """A slider beside a number.

    Attributes:
        low: Value at the left end, stored units.
        high: Value at the right end.
        is_log: Whether equal steps are equal ratios.
    """

    low: float
    high: float
    is_log: bool = False

    def place(self, value: float) -> float:
        """Per cent of the way from left to right; values outside are held at the ends."""
        held = min(max(value, self.low), self.high)
        if self.is_log:
            return round(100 * log(held / self.low) / log(self.high / self.low), 2)
        return round(100 * (held - self.low) / (self.high - self.low), 2)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


SLIDERS: dict[str, Slider] = {
    "acv": Slider(500, 2_000_000, is_log=True),
    "motion": Slider(0, 100),
    "first_sale_share": Slider(0.01, 1),
    "potential_acv": Slider(1_000, 20_000_000, is_log=True),
    "expansion_rate": Slider(0, 1),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One answer as the form shows it. `keep`: the answer, and at which revision the other one stands that it shall replace."""

    name: str
    question: Question
    text: str
    origin: str
    told: str
    error: str = ""
    conflict: str = ""
    slider: Slider | None = None
    place: float | None = None
    points: str = ""
    keep: str = ""

    @property
    def is_answered(self) -> bool:
        return self.text != ""


def field_of(
    name: str,
    answers: Mapping[str, Answer],
    *,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    conflicts: Mapping[str, Answer],
    points: str = "",
) -> Field:
    answer = answers.get(name)
    value = None if answer is None else answer.value
    slider = SLIDERS.get(name)
    return Field(
        name,
        ASKED[name],
        typed.get(name, shown(name, value)),
        "" if answer is None or value is None else answer.origin,
        "" if answer is None or value is None else told(answer),
        errors.get(name, ""),
        conflict_sentence(name, conflicts[name]) if name in conflicts else "",
        slider,
        None if slider is None or not isinstance(value, float | int) else slider.place(value),
        points,
        f"{name}:{conflicts[name].revision}" if name in conflicts else "",
    )


def told(answer: Answer) -> str:
    """Where an answer comes from: "typed by Ana, 3 May 2026"; what a room settled is the room's, whoever entered it."""
    by = f" by {answer.by}" if answer.by else ""
    is_of_room = answer.origin == Origin.WORKSHOP
    how = "settled by the room" if is_of_room else str(answer.get_origin_display())
    if answer.undoes_id is not None:
        how = f"{how}, brought back"
    elif is_of_room and by:
        how = f"{how}, entered"
    return f"{how}{by}, {answer.at.day} {answer.at:%b %Y}"


def conflict_sentence(name: str, theirs: Answer) -> str:
    who = theirs.by or "Somebody"
    now = labelled(name, theirs.value) or "nothing"
    return f"{who} changed this to {now} since you opened it."


def form_context(
    scenario: Scenario,
    answers: Mapping[str, Answer],
    advice: Advice,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflicts: Mapping[str, Answer] | None = None,
) -> dict[str, object]:
    """The form: every field by name, grouped as the page asks."""
    typed, errors, conflicts = typed or {}, errors or {}, conflicts or {}

    def field(name: str, *, points: str = "") -> Field:
        return field_of(name, answers, typed=typed, errors=errors, conflicts=conflicts, points=points)

    point_table = advice.policy.expansion_points
    path_numbers = sorted({1, *(question_and_path(name)[1] for name, answer in answers.items() if answer.value is not None)})
    next_path = path_numbers[-1] + 1
    paths = [
        {
            "number": number,
            "name": field(answer_name("path_name", number)),
            "share": field(answer_name("path_share", number)),
            "facts": [
                field(answer_name(fact, number), points=_points_text(fact, point_table))
                for fact in ("grows_by_itself", *(f for f in FACT_QUESTIONS if f != "grows_by_itself"))
            ],
        }
        for number in path_numbers
    ]
    return {
        "acv": field("acv"),
        "motion": field("motion"),
        "motion_stops": MOTION_STOPS,
        "first_sale_share": field("first_sale_share"),
        "potential_acv": field("potential_acv"),
        "years_to_potential": field("years_to_potential"),
        "expansion_rate": field("expansion_rate"),
        "gross_retention": field("gross_retention"),
        "share_way": typed.get(SHARE_WAY) or share_way(answers),
        "share_ways": SHARE_WAYS,
        "paths": paths,
        "has_more_paths": len(paths) > 1,
        "next_path": next_path if next_path <= MOST_PATHS else None,
        "today": [field(name) for name in TODAY_QUESTIONS],
        "lir": [field(name) for name in LIR_QUESTIONS],
        "errors": errors,
        "assumed_years": points(advice.policy.years_to_potential),
    }


def _points_text(fact: str, table: Mapping[str, float]) -> str:
    return f"+{points(table[fact])}" if fact in table else "sets 0"


def share_way(answers: Mapping[str, Answer]) -> str:
    """The way in which question 1 is answered: chosen, else the one that has an answer, else by growth."""

    def is_answered(name: str) -> bool:
        return name in answers and answers[name].value is not None

    if is_answered(SHARE_WAY):
        return str(answers[SHARE_WAY].value)
    if is_answered("first_sale_share"):
        return ShareWay.DIRECT
    is_dated = is_answered("years_to_potential") or not is_answered("expansion_rate")
    return ShareWay.POTENTIAL if is_answered("potential_acv") and is_dated else ShareWay.GROWTH


def regions(scenario: Scenario, advice: Advice, newest: Sequence[Answer]) -> list[Region]:
    """Everything beside the questions that follows from the answers."""
    return [
        Region("chart-row", f"{PAGE}#chart_row", {"row": _chart_row(scenario, advice)}),
        _verdict(advice),
        Region("reason", f"{PAGE}#reason", {"words": advice.reason}),
        Region("flips", f"{PAGE}#flips", {"sentences": advice.flip_sentences}),
        _chart_title(advice),
        *(Region(f"marks-{name}", f"{PAGE}#marks", {"marks": _marks(name, advice)}) for name in SLIDERS),
        Region("reading-acv", f"{PAGE}#reading", {"words": _acv_words(advice)}),
        Region("reading-motion", f"{PAGE}#reading", {"words": _motion_words(advice)}),
        _share_reading(advice),
        Region("assumed", f"{PAGE}#assumed", {"assumptions": advice.assumptions}),
        _difficulty_reading(advice),
        Region("why", f"{PAGE}#why", {"path": [(*step[:4], step.source.key, step.source.label) for step in advice.path]}),
        _fit(advice),
        _levers(advice),
        _undo(newest),
    ]


OWNERSHIP_SIGNS = {Ownership.KEEP_TOGETHER: "keep", Ownership.SPECIALIZE: "specialize", Ownership.UNDECIDED: "undecided"}
CLOSE_CALL_NAMES = {"share": "share captured", "difficulty": "expansion difficulty", "border": "zone border"}


def _verdict(advice: Advice) -> Region:
    return Region("verdict", f"{PAGE}#verdict", verdict_context(advice))


def verdict_context(advice: Advice) -> dict[str, object]:
    """What the verdict says, in words."""
    missing = [QUESTION[name].text for name in advice.missing[:1]]
    return {
        "sign": OWNERSHIP_SIGNS[advice.ownership],
        "headline": advice.headline,
        "team": "Open" if advice.team is None else TEAM_NAMES[advice.team],
        "owner": OWNER_NAMES[advice.owner].removeprefix("the "),
        "check": CROSS_CHECK_NAMES[advice.cross_check],
        "check_words": advice.cross_check_sentence if advice.cross_check is not CrossCheck.AGREE else "",
        "close": [CLOSE_CALL_NAMES[call] for call in advice.close_calls],
        "missing": missing[0] if missing else "",
        "missing_more": max(len(advice.missing) - 1, 0),
        "missing_name": advice.missing[0] if advice.missing else "",
        "asks": shows_question_2(advice),
    }


def shows_question_2(advice: Advice) -> bool:
    """Whether question 1 calls for question 2; also where facts are there already, since then they count."""
    return advice.is_small is True or (advice.is_small is None and advice.difficulty is not None)


def _chart_title(advice: Advice) -> Region:
    border = advice.borders[0] if advice.borders else None
    low, high = (None, None) if advice.difficulty is None else advice.difficulty
    return Region(
        "chart-title",
        f"{PAGE}#chart_title",
        {
            "title": spot_title(advice.scenario.segment, advice),
            "acv": advice.scenario.acv,
            "motion": advice.scenario.motion,
            "border_acv": None if border is None or border.acv is None else round(border.acv),
            "border_motion": None if border is None or border.motion is None else round(border.motion, 1),
            "share": None if advice.share is None else round(advice.share, 4),
            "low": low,
            "high": high,
            "sign": OWNERSHIP_SIGNS[advice.ownership],
        },
    )


def _marks(name: str, advice: Advice) -> tuple[float, ...]:
    """Where on its slider an answer flips the advice, in per cent from the left. What happens there stands in the list."""
    slider = SLIDERS[name]
    return tuple(slider.place(flip.value) for flip in advice.flip_points if flip.answer == name and slider.holds(flip.value))


def _acv_words(advice: Advice) -> str:
    """Where another ACV would change the zone."""
    turns = [
        f"{'Above' if border.rises else 'Below'} {money(border.acv)} it is {ZONE_NAMES[border.zone]}."
        for border in advice.borders
        if border.acv is not None
    ]
    return " ".join(turns)


def _motion_words(advice: Advice) -> str:
    """Where another motion would change the zone, and whether the contract fits the motion."""
    turns = [
        f"{'Beyond' if border.rises else 'Below'} {points(round(border.motion, 1))} it is {ZONE_NAMES[border.zone]}."
        for border in advice.borders
        if border.motion is not None
    ]
    return " ".join([*turns, advice.tension_sentence]).strip()


def _share_reading(advice: Advice) -> Region:
    share = advice.share
    peak = advice.peak_ratio
    return Region(
        "reading-share",
        f"{PAGE}#reading_share",
        {
            "share": "" if share is None else percent(share),
            "place": 0 if share is None else round(share * 100, 1),
            "words": ""
            if share is None
            else f"Small: {'most' if share < MOST else percent(1 - share)} of the value is still to come."
            if advice.is_small
            else "Not small: the first sale captured most of it."
            if share >= MOST
            else f"Not small by your policy: not under {percent(advice.policy.small_share)}.",
            "peak": "" if peak is None or peak > 1 else percent(peak),
            "warning": "The potential is below the first contract: is one of the two mistyped?" if peak is not None and peak > 1 else "",
        },
    )


def _difficulty_reading(advice: Advice) -> Region:
    low, high = advice.difficulty or (0.0, 0.0)
    hard = advice.is_hard
    words = {True: "Hard: somebody has to win it again.", False: "Not hard: anyone can do it.", None: ""}[hard]
    if all(path.grows_by_itself is Fact.YES for path in advice.scenario.expansion_paths) and advice.difficulty is not None:
        words = "It grows by itself, so the other facts do not count."
    elif any(path.grows_by_itself is None and path.is_answered for path in advice.scenario.expansion_paths):
        words = f"{words} Assumed: it does not grow by itself.".strip()
    if hard is None and advice.difficulty is not None:
        words = "The facts so far leave it open."
    return Region(
        "reading-difficulty",
        f"{PAGE}#reading_difficulty",
        {
            "score": "" if advice.difficulty is None else difficulty_text(advice.difficulty),
            "low": round(low, 1),
            "width": round(high - low, 1),
            "threshold": points(advice.policy.hard_expansion),
            "words": words,
        },
    )


def _fit(advice: Advice) -> Region:
    """Today's organisation against the advice, and what the advice holds under."""
    return Region(
        "fit",
        f"{PAGE}#fit",
        {
            "mismatches": [(found.what, found.today, found.advised) for found in advice.copy_check.mismatches],
            "warning": advice.copy_check.warning,
            "conditions": advice.conditions,
        },
    )


def _levers(advice: Advice) -> Region:
    today, advised = advice.responsibilities_today, advice.responsibilities
    plan = advice.compensation
    stages = [(STAGE_NAMES[stage], _owner(today.of(stage)), _owner(advised.of(stage)), _differs(today, advised, stage)) for stage in Stage]
    return Region(
        "levers",
        f"{PAGE}#levers",
        {
            "knows_team": advice.team is not None,
            "stages": stages,
            "has_today": bool(today.stages),
            "hand_overs_today": today.hand_overs,
            "hand_overs": advised.hand_overs,
            "today_errors": list(today.errors),
            "maximums": [(m.role, m.maximises, m.hurts, m.countermeasure) for m in advice.local_maximums],
            "whole": THE_WHOLE,
            "nobody_paid": f"{NOBODY_PAID[0].upper()}{NOBODY_PAID[1:]}. Once somebody is:" if advice.pays_nobody else "",
            "at_signing": percent_as_set(plan.at_signing),
            "at_lir": percent_as_set(plan.at_lir),
            "lir": plan.lir,
            "lir_missing": plan.missing,
            "neutral": plan.pay_neutral_sentence,
            "formula": plan.pay_neutral_formula,
            "not_paid_on": NOT_PAID_ON,
        },
    )


def _owner(entry: StageOwners | None) -> str:
    """Who owns a stage, in words; empty where nothing is known of the team."""
    if entry is None:
        return ""
    if entry.is_open:
        return "open"
    return " and ".join(role.value for role in entry.owners) or "no owner"


def _differs(today: Responsibilities, advised: Responsibilities, stage: Stage) -> bool:
    """Whether it is known that another role owns a stage today."""
    now, then = today.of(stage), advised.of(stage)
    return now is not None and then is not None and not now.is_open and not then.is_open and now.owners != then.owners


def _undo(change: Sequence[Answer]) -> Region:
    """The button that takes the newest change back; a change has several answers where a whole form or a file brought it."""
    if not change:
        return Region("undo", f"{PAGE}#undo", {"change": None, "words": ""})
    others = f" and {len(change) - 1} more" if len(change) > 1 else ""
    words = f"Undo {ASKED[change[0].question].noun}{others}"
    return Region("undo", f"{PAGE}#undo", {"change": change[0].revision, "words": words, "told": told(change[0])})


def chart_rows(scenarios: Sequence[Scenario], selected: int) -> list[dict[str, object]]:
    """The chart as a table: what stands in for it where no script runs, and for a screen reader."""
    rows = []
    for scenario in scenarios:
        advice = scenario.advice()
        extra = {
            "sign": OWNERSHIP_SIGNS[advice.ownership],
            "team": "Open" if advice.team is None else TEAM_NAMES[advice.team],
            "summary": advice.summary,
            "mismatches": [mismatch.sentence for mismatch in advice.copy_check.mismatches],
            "selected": scenario.pk == selected,
        }
        rows.append(_chart_row(scenario, advice) | extra)
    return rows


def _chart_row(scenario: Scenario, advice: Advice) -> dict[str, object]:
    answers = advice.scenario
    return {
        "pk": scenario.pk,
        "segment": scenario.segment.name,
        "scenario": scenario.name,
        "acv": "" if answers.acv is None else money(answers.acv),
        "motion": "" if answers.motion is None else points(answers.motion),
        "zone": "" if advice.zone is None else ZONE_NAMES[advice.zone],
        "share": "" if advice.share is None else percent(advice.share),
        "difficulty": "" if advice.difficulty is None else difficulty_text(advice.difficulty),
        "verdict": advice.headline,
    }
