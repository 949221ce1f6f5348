"""What a room sees once a round is revealed: every answer on its scale, the spread, the disagreement that matters, and how people moved.

Answers come from `Reply.objects.said` alone, which knows what has been revealed and what was promised. An anonymous room has no names
here, so nothing that is made of this can have any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from advisor.charts.answer_choices import answer_choices
from advisor.charts.answer_strip import CROWD, Settled, Voice, answer_strip
from advisor.charts.room_map import Held, Placement, room_map, room_title
from advisor.charts.theme import PAGE, PICTURE, SCREEN, Figure, Look
from advisor.charts.titles import Footer
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.forms.scenario import ASKED, labelled, unit_of
from advisor.framework.ownership import Ownership, difficulty_of, first_sale_share
from advisor.framework.policy import Policy
from advisor.framework.questions import DIFFICULTY as DIFFICULTY_POINTS
from advisor.framework.questions import FACT_CHOICES, QUESTION
from advisor.framework.room import DIFFICULTY, POSITION, SHARE, TOPIC_NAMES, Room, read_room, voice_of
from advisor.framework.room_movement import Movement, movement_of, movement_sentence
from advisor.framework.room_prompts import Moment, Scene, prompts
from advisor.framework.room_spread import Spread, Tally, noun_of, spread_of, spread_sentence, tally_of, tally_sentence
from advisor.framework.scenario import EXPANSION_FACTS, SHARE_WAY, Fact, scenario_from_answers
from advisor.framework.wording import listed
from advisor.models import Answer, Participant, Phase, Reply, Topic, WorkshopStep
from advisor.models.scenario import AnswerValue
from advisor.models.workshop import FEWEST_ANONYMOUS, QUESTIONS
from advisor.services import workshop as service
from advisor.views.drawing import Drawing
from advisor.views.kept import kept

Answers = Mapping[str, AnswerValue]

# The numbers that each topic is drawn by; the share and the points follow from what people said.
NUMBERS: dict[str, tuple[str, ...]] = {
    POSITION: ("acv", "motion"),
    SHARE: ("first_sale_share", "potential_acv"),
    DIFFICULTY: (DIFFICULTY_POINTS,),
}
WITHHELD = f"Fewer than {FEWEST_ANONYMOUS} answered, so nothing is shown: that was the promise."
NOBODY = "Nobody answered."
SCREEN_MAP = (1_000, 560)  # px, the least that a big screen gives a map
FIGURE_TITLE = 125  # characters that two lines of a picture hold


class FactRow(NamedTuple):
    """What the room says of one fact: (answer, who or how many) for yes, partly, no and open."""

    fact: str
    cells: tuple[tuple[str, str], ...]
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """All revealed rounds of a step.

    Attributes:
        step: The step.
        rounds: For each revealed round the answers by person, who said nothing more with what they said before; a nameless person has
            another key in each.
        answered: What was said in each round itself.
        names: By key; None where nobody may be named.
        stored: The scenario's present answers.
        counted: What `numbers` has found by question, which many of the parts of a page ask for.
    """

    step: WorkshopStep
    rounds: tuple[Mapping[str, Answers], ...]
    answered: tuple[Mapping[str, Answers], ...]
    names: Mapping[str, str] | None
    stored: Answers
    counted: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    @property
    def last(self) -> Mapping[str, Answers]:
        return self.rounds[-1] if self.rounds else {}

    @property
    def policy(self) -> Policy:
        return self.step.scenario.policy

    @property
    def is_settled(self) -> bool:
        """Whether the room settled what the scenario says."""
        return self.step.phase == Phase.SETTLED and not service.otherwise_now(self.step)

    def name(self, key: str) -> str:
        return "" if self.names is None else self.names.get(key, "somebody")

    def numbers(self, question: str) -> list[dict[str, float]]:
        """In each round what everybody's answers come to, stored units; without those who left it open."""
        if question not in self.counted:
            self.counted[question] = [
                {key: value for key, answers in said.items() if (value := _number(question, answers, self.stored, self.policy)) is not None}
                for said in self.rounds
            ]
        return self.counted[question]

    def choices(self, question: str) -> list[dict[str, str | None]]:
        return [{key: _text(answers.get(question)) for key, answers in said.items()} for said in self.rounds]

    def spread(self, question: str) -> Spread | None:
        return spread_of(question, self.numbers(question)[-1]) if self.rounds else None

    def tally(self, question: str) -> Tally | None:
        return tally_of(question, self.choices(question)[-1]) if self.rounds else None


def _text(value: AnswerValue) -> str | None:
    return str(value) if value not in (None, "") else None


def _number(question: str, answers: Answers, stored: Answers, policy: Policy) -> float | None:
    if question == DIFFICULTY_POINTS:
        points = _points(answers, policy)
        return None if points is None else points[0]
    if question == "first_sale_share":
        if all(answers.get(name) is None for name in ("first_sale_share", "potential_acv", "years_to_potential", "expansion_rate")):
            return None
        return first_sale_share(scenario_from_answers(voice_of(stored, answers)), policy)
    value = answers.get(question)
    return float(value) if isinstance(value, int | float) else None


def _points(answers: Answers, policy: Policy) -> tuple[float, float] | None:
    """The least and the most points that one person's own facts come to."""
    facts = {name: value for name, value in answers.items() if name in EXPANSION_FACTS}
    return difficulty_of(scenario_from_answers(facts).expansion_paths, policy)


def _read(step: WorkshopStep, people: Mapping[int, Participant]) -> _Said:
    is_anonymous = step.workshop.is_anonymous
    step.scenario.present = Answer.objects.present_of(step.scenario_id)  # once, for all that is made of them here
    rounds: list[Mapping[str, Answers]] = []
    by_proxy = set()
    for number in range(1, step.revealed + 1):
        said = Reply.objects.said(step, number)
        by_proxy |= {one.participant for one in said if one.is_by_proxy}
        rounds.append(
            {f"{number}.{index}" if one.participant is None else str(one.participant): one.answers for index, one in enumerate(said)}
        )
    answered = tuple(rounds)
    if not is_anonymous:
        rounds = [*_carried(rounds)]
    names = (
        None if is_anonymous else {str(pk): f"{person.name} (by proxy)" if pk in by_proxy else person.name for pk, person in people.items()}
    )
    return _Said(step=step, rounds=tuple(rounds), answered=answered, names=names, stored=step.scenario.present_values())


def _carried(rounds: Sequence[Mapping[str, Answers]]) -> list[dict[str, Answers]]:
    """Each round with what people said before where they said nothing in it: they have not moved."""
    carried: list[dict[str, Answers]] = []
    for said in rounds:
        before = carried[-1] if carried else {}
        told = {key: answers for key, answers in said.items() if key not in before or any(value is not None for value in answers.values())}
        carried.append({**before, **told})
    return carried


# --- For the page ----------------------------------------------------------------------------------------


def reveal_context(
    step: WorkshopStep, people: Mapping[int, Participant], *, is_screen: bool = False, has_all: bool = False
) -> dict[str, object]:
    """What `reveal.html` shows of the revealed rounds of a step; see there.

    `people` by their key in the database. `has_all`: every answer as a table, however many; a frame that goes to a crowd has none.
    """
    if not step.revealed:
        return {"reveal": None}
    said = _read(step, people)
    reading = _reading(said, state_of(step, people))
    return {
        "reveal": {
            "topic": step.topic,
            "number": step.revealed,
            "has_rounds": step.revealed > 1,
            "otherwise": settled_otherwise(step),
            "empty": "" if said.last else WITHHELD if step.workshop.is_anonymous else NOBODY,
            "sentence": reading.sentence if reading is not None and said.last and _has_verdict(reading) else "",
            "agrees": reading is not None and reading.agrees,
            "discuss": _discuss(reading, step.topic) if said.last else [],
            "drawings": _drawings(said, is_screen=is_screen) if said.last else [],
            "movement": [sentence for one in _movements(said) if (sentence := _moved(one, said))],
            "facts": _facts(said) if step.topic == DIFFICULTY else [],
            "fact_heads": [label for _, label in _fact_choices()],
            "tables": [_table(said, number) for number in range(len(said.rounds), 0, -1)] if has_all or len(said.last) <= CROWD else [],
        }
    }


def settled_otherwise(step: WorkshopStep) -> str:
    """What the room settled, where the scenario says otherwise by now; empty where it holds, or nothing is settled."""
    if not service.otherwise_now(step):
        return ""
    settled = [
        f"{ASKED[name].noun} as {_words(name, value)}" for name, value in step.settled.items() if name in ASKED and value is not None
    ]
    return f"The room settled {listed(settled) or 'this as open'}. The scenario says otherwise now."


def kept_charts(step: WorkshopStep, people: Mapping[int, Participant], footer: Footer) -> list[dict[str, object]]:
    """The charts of all revealed rounds, to be kept: narrow, wide, and as pictures that stand alone."""
    if step.topic not in NUMBERS:
        return []
    return [
        {
            "name": name,
            "title": sentence,
            "page": draw(PAGE, None, None),
            "wide": draw(WIDE_PAGE, *WIDE),
            "picture": draw(PICTURE, None, None, footer),
        }
        for name, sentence, draw in _charts(_read(step, people))
    ]


def prompts_for(step: WorkshopStep, people: Mapping[int, Participant]) -> tuple[str, ...]:
    """What the facilitator may say now. Who has answered is known to everybody; what, only after the reveal."""
    said = _read(step, people)
    counted = [person for person in people.values() if person.counts]
    is_answering = step.phase == Phase.ANSWERING
    answered = Reply.sealed.who(step) if is_answering else frozenset()
    numbers = () if is_answering else NUMBERS.get(step.topic, ())
    tallied = () if is_answering else _tallied(step.topic)
    return prompts(
        Scene(
            Moment.REVEALED if step.phase == Phase.SETTLED and not said.is_settled else Moment(step.phase),
            step.topic,
            len(counted),
            tuple(str(person.pk) for person in counted if person.pk not in answered) if is_answering else (),
            step.round,
            tuple(spread for name in numbers if (spread := said.spread(name)) is not None),
            tuple(tally for name in tallied if (tally := said.tally(name)) is not None),
            tuple(_movements(said)),
            None if is_answering else _reading(said, state_of(step, people)),
            said.names,
        )
    )


def _tallied(topic: str) -> tuple[str, ...]:
    """The choices of a topic, the facts too."""
    return tuple(name for name in QUESTIONS[Topic(topic)] if name != SHARE_WAY and QUESTION[name].choices)


def state_of(step: WorkshopStep, people: Mapping[int, Participant]) -> tuple[object, ...]:
    """What everything here follows from. Revealed answers never change, and reveal, step and settled value raise the room's moves."""
    room = step.workshop
    inside = tuple((person.pk, person.name, person.is_observer) for person in people.values())
    return (room.code, room.moves, step.pk, step.phase, step.revealed, step.scenario.revision, step.scenario.policy, inside)


def _reading(said: _Said, state: tuple[object, ...]) -> Room | None:
    """The disagreement that matters, which the reveal tells and the prompts use."""
    return kept(("reading", state), lambda: _read_room(said))


def _read_room(said: _Said) -> Room | None:
    """Nameless answers can be read too, one question at a time: the sentence only counts."""
    if said.names is not None:
        reading = service.reading_of(said.step)
        return (
            None
            if reading is None
            else reading._replace(levers=tuple(each for each in reading.levers if each.topic not in _done(said.step)))
        )
    if not said.last:
        return None
    return read_room({key: voice_of(said.stored, answers) for key, answers in said.last.items()}, said.policy)


def _done(step: WorkshopStep) -> set[str]:
    """The questions on this scenario that have been settled, so that nobody is sent back to them."""
    settled = step.workshop.steps.filter(scenario=step.scenario_id, phase=Phase.SETTLED).exclude(pk=step.pk)
    return set(settled.values_list("topic", flat=True))


def _has_verdict(reading: Room) -> bool:
    """Whether anybody's answers decide something yet: before that there is no disagreement that could matter."""
    return any(camp.ownership is not Ownership.UNDECIDED for camp in reading.camps)


def _discuss(reading: Room | None, topic: str) -> list[dict[str, object]]:
    """The questions by how much they move the decisions across the room."""
    if reading is None:
        return []
    total = sum(len(camp.people) for camp in reading.camps)
    return [
        {
            "name": TOPIC_NAMES[lever.topic],
            "people": lever.people,
            "total": total,
            "share": round(100 * lever.people / total),
            "unites": lever.unites,
            "is_here": lever.topic == topic,
        }
        for lever in reading.levers
        if lever.people
    ]


def _movements(said: _Said) -> list[Movement]:
    if len(said.rounds) < 2:
        return []
    is_anonymous = said.names is None
    numbers = [movement_of(name, said.numbers(name), is_anonymous=is_anonymous) for name in NUMBERS.get(said.step.topic, ())]
    chosen = [movement_of(name, said.choices(name), is_anonymous=is_anonymous) for name in _tallied(said.step.topic)]
    # Of eight facts only those that somebody sees otherwise now are worth a line.
    return [one for one in numbers if one is not None] + [one for one in chosen if one is not None and one.moved]


def _moved(movement: Movement, said: _Said) -> str:
    sentence = movement_sentence(movement, said.names)
    noun = noun_of(movement.question)
    return f"{noun[:1].upper()}{noun[1:]}: {sentence[:1].lower()}{sentence[1:]}" if sentence else ""


def _table(said: _Said, number: int) -> dict[str, object]:
    """One round as it was answered: a person a row, nameless where that was promised."""
    answers = said.answered[number - 1]
    asked = [name for name in said.step.questions if any(each.get(name) is not None for each in answers.values())]
    return {
        "number": number,
        "questions": [ASKED[name].noun for name in asked],
        "rows": [(said.name(key), [_words(name, each.get(name)) for name in asked]) for key, each in answers.items()],
    }


def _words(name: str, value: AnswerValue) -> str:
    text = labelled(name, value)
    return f"{text} {unit_of(name)}".strip() if text else "not answered"


def _fact_choices() -> tuple[tuple[str, str], ...]:
    """The heads of the facts: a head stands far from its question, so it says more than the answer's own label."""
    heads = {Fact.PARTLY.value: "Partly true"}
    return (*((code, heads.get(code, label)) for code, label in reversed(FACT_CHOICES)), ("", "Left open"))


def _facts(said: _Said) -> list[FactRow]:
    """Who said yes and who no, of every fact; how many where nobody is named. What is not agreed on comes first."""
    rows = []
    for fact in EXPANSION_FACTS:
        tally = said.tally(fact)
        if tally is None:
            continue
        people = {camp.code: camp.people for camp in tally.camps}
        cells = tuple(
            (label, str(len(who)) if said.names is None else ", ".join(said.name(key) for key in who))
            if (who := people.get(code, ()))
            else (label, "")
            for code, label in _fact_choices()
        )
        rows.append(FactRow(QUESTION[fact].text, cells, tally.agrees))
    return sorted(rows, key=lambda row: row.agrees)


# --- The charts ------------------------------------------------------------------------------------------


class _Draw(NamedTuple):
    """One chart, ready to be drawn in any look."""

    said: _Said
    question: str
    title: str

    def __call__(self, look: Look, width: int | None, height: int | None, footer: Footer | None = None) -> Figure:
        said, name = self.said, self.question
        if name == POSITION:
            return room_map(
                _placements(said),
                rounds=len(said.rounds),
                held=_held(said),
                policy=said.policy,
                look=look,
                footer=footer,
                width=width,
                height=height,
            )
        if name in _tallied(said.step.topic):
            tally = said.tally(name)
            assert tally is not None
            settled = _text(said.stored.get(name)) if said.is_settled else None
            return answer_choices(tally, said.names, settled=settled, title=self.title, look=look, footer=footer, width=width)
        return answer_strip(
            name,
            _voices(said, name),
            rounds=len(said.rounds),
            settled=_settled(said, name),
            title=self.title,
            policy=said.policy,
            look=look,
            footer=footer,
            width=width,
        )


def _charts(said: _Said) -> list[tuple[str, str, _Draw]]:
    """(name, sentence, how it is drawn) of every chart of the step."""
    found = []
    topic = said.step.topic
    if topic == POSITION and any(place for voice in _placements(said) for place in voice.places):
        sentence = room_title(_placements(said), held=_held(said), policy=said.policy)
        found.append(("On the coverage map", sentence + ".", _Draw(said, POSITION, sentence)))
    for name in NUMBERS.get(topic, ()):
        spread = said.spread(name)
        if spread is not None:
            sentence = spread_sentence(spread, said.names)
            noun = noun_of(name)
            found.append((_capital(noun), sentence, _Draw(said, name, _title(noun, sentence))))
    for name in _tallied(topic) if topic not in (SHARE, DIFFICULTY) else ():
        tally = said.tally(name)
        if tally is not None:
            sentence = tally_sentence(tally, said.names)
            noun = noun_of(name)
            found.append((_capital(noun), sentence, _Draw(said, name, _title(noun, sentence))))
    return found


def _title(noun: str, sentence: str) -> str:
    """The takeaway of a picture; its first sentence where it is too long for two lines."""
    title = f"{_capital(noun)}: {sentence[:1].lower()}{sentence[1:]}".removesuffix(".")
    return title if len(title) <= FIGURE_TITLE else title.split(". ")[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _drawings(said: _Said, *, is_screen: bool) -> list[Drawing]:
    found = []
    for number, (name, sentence, draw) in enumerate(_charts(said), 1):
        if is_screen:
            wide = figure = draw(SCREEN, *SCREEN_MAP)
        else:
            figure, wide = draw(PAGE, None, None), draw(WIDE_PAGE, *WIDE)
        found.append(Drawing(f"drawing-{said.step.pk}-{number}", name, sentence, figure, wide))
    return found


def _everybody(said: _Said) -> list[str]:
    """Their keys, in the order in which they first answered."""
    return list(dict.fromkeys(key for answers in said.rounds for key in answers))


def _voices(said: _Said, question: str) -> list[Voice]:
    rounds = said.numbers(question)
    spread = said.spread(question)
    far = set() if spread is None else {outlier.person for outlier in spread.outliers}
    return [
        Voice(
            name=said.name(key),
            values=tuple(values.get(key) for values in rounds),
            highs=tuple(_high(answers.get(key), said.policy) for answers in said.rounds) if question == DIFFICULTY_POINTS else (),
            is_far=key in far,
        )
        for key in _everybody(said)
    ]


def _high(answers: Answers | None, policy: Policy) -> float | None:
    points = None if answers is None else _points(answers, policy)
    return None if points is None else points[1]


def _placements(said: _Said) -> list[Placement]:
    acv, motion = said.numbers("acv"), said.numbers("motion")
    return [
        Placement(
            name=said.name(key),
            places=tuple(
                (amounts[key], motions[key]) if key in amounts and key in motions else None
                for amounts, motions in zip(acv, motion, strict=True)
            ),
        )
        for key in _everybody(said)
    ]


def _held(said: _Said) -> Held | None:
    acv, motion = said.stored.get("acv"), said.stored.get("motion")
    if not isinstance(acv, int | float) or not isinstance(motion, int | float):
        return None
    return Held(acv=acv, motion=motion, ownership=said.step.scenario.advice().ownership, is_final=said.is_settled)


def _settled(said: _Said, question: str) -> Settled | None:
    scenario = scenario_from_answers(said.stored)
    if question == DIFFICULTY_POINTS:
        points = difficulty_of(scenario.expansion_paths, said.policy)
        value = None if points is None else points.score
    elif question == "first_sale_share":
        value = first_sale_share(scenario, said.policy)
    else:
        stored = said.stored.get(question)
        value = float(stored) if isinstance(stored, int | float) else None
    if value is None:
        return None
    return Settled(value=value, ownership=said.step.scenario.advice().ownership, is_final=said.is_settled)
