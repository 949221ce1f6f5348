"""What the numbers and pay plans of a scenario stand on besides the table's assumptions: for a page, and in short for a picture's foot."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from advisor.charts.sheet import is_whole
from advisor.charts.titles import Footer
from advisor.economics.deal import is_measured
from advisor.economics.pay_outlook import LIR_RATE
from advisor.economics.segment import DIFFICULTY, GRR, Segment
from advisor.economics.words import words_of
from advisor.exports.figures import footer_of
from advisor.exports.picture import LAYOUT
from advisor.framework.advice import Advice
from advisor.framework.questions import QUESTION
from advisor.framework.scenario import EXPANSION_FACTS, question_and_path
from advisor.framework.wording import counted, listed, percent, years
from advisor.models import Answer, Origin, Scenario
from advisor.models.policy import policy_in_short, policy_told

ASSUMED_WORDS = {
    GRR: "gross retention {} (the usual one at this contract)",
    DIFFICULTY: "how hard the expansion is (anything from easy to hard)",
    "growth": "how accounts grow (as the essay's simple example, 5 to 10 % a year)",
}
ASSUMED_IN_SHORT = {name: words.partition(" (")[0] for name, words in ASSUMED_WORDS.items()} | {GRR: "gross retention ({})"}
READ_ANSWERS = ("acv", "motion", "first_sale_share", "expansion_rate", "potential_acv", "years_to_potential", "gross_retention")
ANSWER_OF = {GRR: "gross_retention", LIR_RATE: "lir_rate"}  # of the inputs that answers give


def assumed_sentences(segment: Segment, answers: Mapping[str, Answer], own: Container[str] = ()) -> list[str]:
    """What nobody has answered, and which of the answers that the numbers read are guesses. `own`: inputs of which others are taken."""
    unanswered = _with_retention(ASSUMED_WORDS, segment)
    guesses = guesses_of(segment, answers, own)
    return [
        *([f"Not answered, so assumed: {listed(unanswered)}."] if unanswered else []),
        *([f"Answered by a guess: {listed(guesses)}."] if guesses else []),
    ]


def unanswered_in_short(segment: Segment) -> list[str]:
    """What nobody has answered, with the gross retention that is taken, for the foot of a picture."""
    return _with_retention(ASSUMED_IN_SHORT, segment)


def _with_retention(words: Mapping[str, str], segment: Segment) -> list[str]:
    """The words of what is assumed and read; of gross retention the same number on every page, the typical one."""
    retention = percent(segment.inputs[GRR].typical)
    return [each.format(retention) for name, each in words.items() if name in segment.assumed and is_read(segment, name)]


def guesses_of(segment: Segment, answers: Mapping[str, Answer], own: Container[str] = (), more: Sequence[str] = ()) -> list[str]:
    """The guessed answers, and `more` of the same kind, as a sentence calls them; not those in whose place `own` inputs stand."""
    guessed = {question_and_path(name)[0] for name, answer in answers.items() if is_guess(answer)}
    passed = {answer for name, answer in ANSWER_OF.items() if name in own or not is_read(segment, name)}
    guesses = [QUESTION[name].noun for name in (*READ_ANSWERS, *more) if name in guessed - passed]
    return [*guesses, *(["facts about the expansion"] if guessed & set(EXPANSION_FACTS) else [])]


def guessed_inputs(answers: Mapping[str, Answer]) -> frozenset[str]:
    """The inputs that a guessed answer gives."""
    return frozenset(name for name, answer in ANSWER_OF.items() if answer in answers and is_guess(answers[answer]))


def is_guess(answer: Answer) -> bool:
    return answer.origin == Origin.ASSUMED and answer.value is not None


def is_read(segment: Segment, name: str) -> bool:
    """Whether gross retention is read: not by the pay plans of a segment whose renewals were found in usage."""
    return name != GRR or not is_measured(segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandsOn:
    """What a picture of a look stands on.

    Attributes:
        scenario: Whose.
        advice: By its policy.
        segment: With what is kept and changed.
        inputs: Of the page.
        changed: Names of what was changed for this look.
        kept: Names of what is kept for the scenario.
        thresholds: Of the policy, those that are read most, which are named first where they differ.
        doubts: What is to be doubted, in short.
        unanswered: What nobody has answered, as a sentence calls it.
        guessed: What is answered by a guess, as a sentence calls it.
        value_text: A value of an input in words.
        always: What is assumed of every scenario.
        words: What the page calls an input.
    """

    scenario: Scenario
    advice: Advice
    segment: Segment
    inputs: Iterable[str]
    changed: Container[str]
    kept: Container[str]
    thresholds: Sequence[str]
    doubts: Sequence[str]
    unanswered: Sequence[str]
    guessed: Sequence[str]
    value_text: Callable[[str, float], str]
    always: Sequence[str] = ()
    words: Callable[[str], str] = words_of

    @property
    def here(self) -> list[str]:
        """Names of the page's inputs that are changed for this look."""
        return [name for name in self.inputs if name in self.changed]

    @property
    def still(self) -> list[str]:
        """Names of those that are kept for the scenario, and not changed."""
        return [name for name in self.inputs if name in self.kept and name not in self.changed]

    @property
    def own(self) -> set[str]:
        return {*self.here, *self.still}


class Most(NamedTuple):
    """How many are named of what is changed or kept, of what nobody knows, and of the policy's thresholds; the others are counted."""

    own: int
    unknown: int
    thresholds: int


# The first that two lines of a picture hold.
SHORTER = (Most(2, 9, 2), Most(2, 2, 2), Most(2, 2, 1), Most(1, 2, 1), Most(1, 2, 0), Most(1, 1, 0), Most(1, 0, 0), Most(0, 0, 0))


def foot_of(on: StandsOn) -> Footer:
    """The footer of a scenario's charts with what these numbers stand on, in as few words as it has room for."""
    usual = footer_of([on.scenario], on.scenario)
    assert usual is not None  # there is a scenario
    told = (replace(usual, assumptions=(*_stood_on(on, most), *_still_so(usual.assumptions, on))) for most in SHORTER)
    *shorter, shortest = told
    return next((footer for footer in shorter if is_whole(footer, LAYOUT[0])), shortest)


def _stood_on(on: StandsOn, most: Most) -> list[str]:
    """What somebody has put there, which comes first, what is doubted, what nobody knows, and by which policy."""
    said = [
        ("changed here", counted(_valued(on.here, on), most.own, "assumption")),
        ("kept for this scenario", counted(_valued(on.still, on), most.own, "assumption")),
        *(("", doubt) for doubt in on.doubts),
        ("not answered", counted(on.unanswered, most.unknown, "question")),
        ("guessed", counted(on.guessed, most.unknown, "answer")),
        *(("", each) for each in on.always),
        ("", policy_in_short(on.scenario.segment.company.workspace, on.thresholds, on.own, most.thresholds)),
    ]
    return [f"{what}: {words}" if what else words for what, words in said if words]


def _valued(names: Sequence[str], on: StandsOn) -> list[str]:
    """Inputs with what they typically are."""
    return [f"{_uncapital(on.words(name))} {on.value_text(name, on.segment.inputs[name].typical)}" for name in names]


def _uncapital(words: str) -> str:
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def _still_so(assumed: Iterable[str], on: StandsOn) -> list[str]:
    """What the advice assumes, but what is told here in other words, or has another value: policy, retention, a discount of their own."""
    policy, retention = on.advice.policy, on.advice.assumed_retention
    others = set(policy_told(on.scenario.segment.company.workspace))
    if retention is not None:
        others.add(f"gross retention {percent(retention)} a year")
    if "discount_rate" in on.own:
        others.add(f"value over {years(policy.horizon_years)} at {percent(policy.discount_rate)} discount")
    return [text for text in assumed if text not in others]
