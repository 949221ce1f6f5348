"""Everything that a decision on a scenario rests on, as plain values and as the sentences that were shown.

A recorded decision keeps it, and its read-out reads nothing else; for one that is still open it is made anew each time.
It holds revealed answers only, since `Reply.objects.said` finds no others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from advisor.charts import CHARTS, PAGE, PICTURE, TODAY, Footer, Spot
from advisor.framework.advice import CROSS_CHECK_NAMES, Advice, difficulty_text
from advisor.framework.compensation import NOBODY_PAID, NOT_PAID_ON
from advisor.framework.coverage import ZONE_NAMES
from advisor.framework.flip_points import value_text
from advisor.framework.local_maximums import THE_WHOLE
from advisor.framework.ownership import Difficulty, Ownership, difficulty_of
from advisor.framework.policy import PARAMETERS, Policy
from advisor.framework.questions import QUESTION
from advisor.framework.responsibilities import STAGE_NAMES, Stage, StageOwners
from advisor.framework.scenario import scenario_from_answers
from advisor.framework.sources import Source
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, percent, percent_as_set
from advisor.models import Participant, Phase, Reply, Scenario, Topic, Workshop, WorkshopStep
from advisor.models.policy import policy_told
from advisor.models.scenario import AnswerValue
from advisor.models.workshop import FEWEST_ANONYMOUS, QUESTIONS, Said

SCHEMA = 3  # raised when a later version keeps other things
CHARTS_KEPT = ("coverage-map", "ownership-quadrant")
# The smallest figure, px, that the chart of a wide page is right for; a phone's has the size of its look.
WIDE = (600, 340)
SIGNS = {Ownership.KEEP_TOGETHER: "keep", Ownership.SPECIALIZE: "specialize", Ownership.UNDECIDED: "undecided"}
VERDICTS = {Ownership.KEEP_TOGETHER: "Keep together", Ownership.SPECIALIZE: "Specialize", Ownership.UNDECIDED: "Not decided yet"}

# What a cell of a table calls an answer; of a choice the label says enough.
SHORT = {
    "acv": "ACV",
    "motion": "motion",
    "first_sale_share": "share",
    "potential_acv": "potential",
    "years_to_potential": "reached in",
    "expansion_rate": "growth",
    "gross_retention": "retention",
}

Kept = dict[str, Any]


class Told(NamedTuple):
    """One answer in words.

    Attributes:
        question: As it was asked.
        noun: What a sentence calls the answer.
        words: The answer as pages show it, with its unit.
    """

    question: str
    noun: str
    words: str


Tell = Callable[[str, AnswerValue], Told]
# The charts of a question's revealed rounds: name, title, and as figures `page`, `wide` and `picture`.
Draw = Callable[[WorkshopStep, Mapping[int, Participant], Footer], list[Kept]]


def snapshot_of(workshop: Workshop, scenario: Scenario, tell: Tell, draw: Draw, at: datetime) -> Kept:
    """What stands and has been revealed at this moment."""
    advice = scenario.advice()
    version = scenario.segment.company.workspace.policy_version
    people = {person.pk: person for person in workshop.participants.all()}
    steps = list(workshop.steps.filter(scenario=scenario).select_related("workshop"))
    for step in steps:
        step.scenario = scenario  # which knows its place and policy
    decision = next((step for step in steps if step.topic == Topic.DECISION), None)
    return {
        "schema": SCHEMA,
        "company": scenario.segment.company.name,
        "segment": scenario.segment.name,
        "scenario": scenario.name,
        "revision": scenario.revision,
        "promise": workshop.promise,
        "answers": _answers(scenario, tell),
        "policy_version": None if version is None else version.number,
        "policy": _policy(advice.policy),
        "advice": advice_of(advice),
        "steps": [
            _step(step, people, tell) for step in steps if step.topic in QUESTIONS and step.topic not in (Topic.ADVICE, Topic.DECISION)
        ],
        "votes": None if decision is None or not decision.revealed else votes_of(decision, decision.revealed, people),
        "earlier_votes": [] if decision is None else [votes_of(decision, number, people) for number in range(1, decision.revealed)],
        "figures": _figures(scenario, advice, at) | _room_figures(steps, people, draw, _footer(scenario, advice, at)),
    }


def _answers(scenario: Scenario, tell: Tell) -> list[Kept]:
    """The present answers with where they come from, in the framework's order."""
    order = {name: place for place, name in enumerate(QUESTION)}
    answers = [answer for answer in scenario.present_answers().values() if answer.value is not None]
    return [
        {
            "name": answer.question,
            **tell(answer.question, answer.value)._asdict(),
            "value": answer.value,
            "origin": answer.origin,
            "origin_words": answer.get_origin_display(),
            "by": answer.by,
            "at": answer.at.isoformat(),
        }
        for answer in sorted(answers, key=lambda answer: (order.get(answer.question, len(order)), answer.question))
    ]


def _policy(policy: Policy) -> dict[str, Kept]:
    return {
        parameter.name: {
            "value": _plain(getattr(policy, parameter.name)),
            "unit": parameter.unit,
            "source": "ours" if parameter.source is None else parameter.source.label,
            "why": parameter.why,
        }
        for parameter in PARAMETERS
    }


def _plain(value: Any) -> Any:
    """A value as JSON gives it back."""
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


# --- The advice --------------------------------------------------------------------------------------


def advice_of(advice: Advice) -> Kept:
    plan = advice.compensation
    return {
        "sign": SIGNS[advice.ownership],
        "verdict": advice.ownership.value,
        "verdict_words": VERDICTS[advice.ownership],
        "team": None if advice.team is None else advice.team.value,
        "team_words": "Open" if advice.team is None else TEAM_NAMES[advice.team],
        "owner": advice.owner.value,
        "owner_words": OWNER_NAMES[advice.owner].removeprefix("the "),
        "zone": None if advice.zone is None else advice.zone.value,
        "zone_words": "Open" if advice.zone is None else ZONE_NAMES[advice.zone],
        "cross_check": advice.cross_check.value,
        "cross_check_words": CROSS_CHECK_NAMES[advice.cross_check],
        "cross_check_sentence": advice.cross_check_sentence,
        "share": advice.share,
        "share_words": "not known" if advice.share is None else percent(advice.share),
        "potential": advice.potential,
        "difficulty": None if advice.difficulty is None else list(advice.difficulty),
        "difficulty_words": difficulty_text(advice.difficulty),
        "weight": None if advice.position is None else advice.position.weight,
        "headline": advice.headline,
        "reason": advice.reason,
        "summary": advice.summary,
        "change": advice.change_sentence,
        "close_calls": list(advice.close_calls),
        "assumptions": list(advice.assumptions),
        "conditions": list(advice.conditions),
        "path": [{**step._asdict(), "source": _source(step.source)} for step in advice.path],
        "flip_points": [
            {
                "answer": flip.answer,
                "value": flip.value,
                "rises": flip.rises,
                "verdict": flip.ownership.value,
                "team": None if flip.team is None else flip.team.value,
                "sentence": sentence,
            }
            for flip, sentence in zip(advice.flip_points, advice.flip_sentences, strict=True)
        ],
        "stages": [
            {
                "stage": STAGE_NAMES[stage],
                "today": _owners(advice.responsibilities_today.of(stage)),
                "advised": _owners(advice.responsibilities.of(stage)),
            }
            for stage in Stage
        ],
        "hand_overs": advice.hand_overs,
        "hand_overs_today": advice.responsibilities_today.hand_overs,
        "mismatches": [mismatch.sentence for mismatch in advice.copy_check.mismatches],
        "warning": advice.copy_check.warning,
        "maximums": [
            {"role": each.role, "maximises": each.maximises, "hurts": each.hurts, "countermeasure": each.countermeasure}
            for each in advice.local_maximums
        ],
        "measure_of_the_whole": THE_WHOLE,
        "compensation": {
            "at_signing": plan.at_signing,
            "at_lir": plan.at_lir,
            "sentence": f"{f'{NOBODY_PAID[0].upper()}{NOBODY_PAID[1:]}. Once somebody is: ' if advice.pays_nobody else ''}"
            f"{percent_as_set(plan.at_signing)} of the commission at signing, {percent_as_set(plan.at_lir)} when the "
            f"customer reaches {plan.lir or 'its leading indicator of retention'}.",
            "neutral": plan.pay_neutral_sentence,
            "formula": plan.pay_neutral_formula,
            "missing": list(plan.missing),
            "not_paid_on": [f"Not on {what}: {why}." for what, why in NOT_PAID_ON],
        },
    }


def _source(source: Source) -> Kept:
    return {"key": source.key, "label": source.label, "passage": source.passage}


def _owners(entry: StageOwners | None) -> str:
    """Who owns a stage, in words; empty where nothing is known of the team."""
    if entry is None:
        return ""
    if entry.is_open:
        return "open"
    return " and ".join(role.value for role in entry.owners) or "no owner"


# --- What the room said ------------------------------------------------------------------------------


def _step(step: WorkshopStep, people: Mapping[int, Participant], tell: Tell) -> Kept:
    """One question with its revealed rounds, and what was settled."""
    return {
        "topic": step.topic,
        "title": step.get_topic_display(),
        "rounds": [_round(step, number, people) for number in range(1, step.revealed + 1)],
        "settled": {name: {**tell(name, value)._asdict(), "value": value} for name, value in step.settled.items() if value is not None},
        "settled_words": _said_words(step, step.settled) if step.phase == Phase.SETTLED else "",
    }


def _round(step: WorkshopStep, number: int, people: Mapping[int, Participant]) -> Kept:
    said = Reply.objects.said(step, number)
    return {
        "number": number,
        "said": [{**_who(each, people), "values": each.answers, "words": _said_words(step, each.answers)} for each in said],
        "is_kept_back": step.workshop.is_anonymous and not said,
        "spread": _spread(step, said),
    }


def _who(said: Said, people: Mapping[int, Participant]) -> Kept:
    """Whose it is, as the promise allows."""
    person = None if said.participant is None else people.get(said.participant)
    if person is None:
        return {"person": None, "who": "", "job": "", "is_by_proxy": False}
    return {"person": person.pk, "who": person.name, "job": person.job, "is_by_proxy": said.is_by_proxy}


def _said_words(step: WorkshopStep, answers: Mapping[str, AnswerValue]) -> str:
    """The answers to one question as a table's cell has room for: "ACV $41k · motion 37"."""
    if step.topic == Topic.DIFFICULTY:
        return difficulty_text(_difficulty(answers, step.scenario.policy))
    return " · ".join(_short(name, answers[name]) for name in step.questions if name in QUESTION and answers.get(name) not in (None, ""))


def _difficulty(answers: Mapping[str, AnswerValue], policy: Policy) -> Difficulty | None:
    return difficulty_of(scenario_from_answers(answers).expansion_paths, policy)


def _short(name: str, value: AnswerValue) -> str:
    question = QUESTION[name]
    if isinstance(value, int | float):
        return f"{SHORT[name]} {value_text(name, value)}"
    return dict(question.choices).get(str(value), str(value))


def _spread(step: WorkshopStep, said: Sequence[Said]) -> list[str]:
    """From where to where the answers of a round lie; for a question that takes numbers, or is read as one."""
    if step.topic == Topic.DIFFICULTY:
        scores = [found.low for each in said if (found := _difficulty(each.answers, step.scenario.policy)) is not None]
        return _from_to("difficulty", "expansion_difficulty", scores)
    lines: list[str] = []
    for name in step.questions:
        if name in QUESTION and QUESTION[name].is_number:
            numbers = [value for each in said if isinstance(value := each.answers.get(name), int | float)]
            lines += _from_to(SHORT[name], name, numbers)
    return lines


def _from_to(noun: str, name: str, numbers: Sequence[float]) -> list[str]:
    if len(numbers) < 2:
        return []
    low, high = value_text(name, min(numbers)), value_text(name, max(numbers))
    return [f"{noun} {low} from all" if low == high else f"{noun} {low} to {high}"]


def votes_of(step: WorkshopStep, number: int, people: Mapping[int, Participant]) -> Kept:
    """Who committed how in a revealed round of the vote, the strongest doubts first."""
    said = [each for each in Reply.objects.said(step, number) if isinstance(each.answers.get("commitment"), int)]
    rows = [
        {**_who(each, people), "commitment": each.answers["commitment"], "dissent": str(each.answers.get("dissent") or "")} for each in said
    ]
    return {
        "round": number,
        "missing": _missing(step, said, people),
        "statement": step.settled.get(str(number), ""),
        "rows": sorted(rows, key=lambda row: (row["commitment"], row["who"].casefold(), row["dissent"])),
        "is_kept_back": step.workshop.is_anonymous and len(rows) < FEWEST_ANONYMOUS,
    }


def _missing(step: WorkshopStep, said: Sequence[Said], people: Mapping[int, Participant]) -> list[str]:
    """Who counts and did not vote; of an anonymous room nobody's name, only how many."""
    counted = [person for person in people.values() if person.counts]
    if step.workshop.is_anonymous:
        return [""] * max(len(counted) - len(said), 0)
    voted = {each.participant for each in said}
    return [person.name for person in counted if person.pk not in voted]


# --- The charts --------------------------------------------------------------------------------------


def _figures(scenario: Scenario, advice: Advice, at: datetime) -> dict[str, Kept]:
    """Each chart in the page's colours, narrow and wide, and as the picture that stands alone."""
    spots = [Spot(str(scenario.pk), scenario.segment.name, advice, TODAY, str(scenario.segment_id))]
    footer = _footer(scenario, advice, at)
    wide, high = WIDE
    return {
        name: {
            "name": CHARTS[name].name,
            "title": CHARTS[name].title(spots, str(scenario.pk)),
            "page": CHARTS[name].draw(spots, policy=advice.policy, look=PAGE),
            "wide": CHARTS[name].draw(spots, policy=advice.policy, look=PAGE, width=wide, height=high),
            "picture": CHARTS[name].draw(spots, selected=str(scenario.pk), policy=advice.policy, look=PICTURE, footer=footer),
        }
        for name in CHARTS_KEPT
    }


def _footer(scenario: Scenario, advice: Advice, at: datetime) -> Footer:
    company = scenario.segment.company
    assumed = (*policy_told(company.workspace), *advice.assumptions)
    return Footer(f"answers of {company.name}, read by Roberge's and Tunguz's essays", at.date(), assumed)


def _room_figures(steps: Sequence[WorkshopStep], people: Mapping[int, Participant], draw: Draw, footer: Footer) -> dict[str, Kept]:
    """How the room moved from round to round: the first chart of each question that was revealed, by "room-" and its topic."""
    found = {step.topic: charts for step in steps if step.revealed and step.questions and (charts := draw(step, people, footer))}
    return {f"room-{topic}": charts[0] for topic, charts in found.items()}
