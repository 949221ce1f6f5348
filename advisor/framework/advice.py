"""The two essays applied to one scenario, cross-checked: `advise(scenario, policy) -> Advice`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import NamedTuple

from advisor.framework import coverage, cross_check, sources
from advisor.framework.compensation import PayPlan, pay_plan
from advisor.framework.coverage import ZONE_NAMES, Position, Zone
from advisor.framework.cross_check import CrossCheck, Decision
from advisor.framework.flip_points import FlipPoint, Measures, flip_points, sentence
from advisor.framework.local_maximums import LocalMaximum, local_maximums
from advisor.framework.ownership import (
    Difficulty,
    Ownership,
    contract_in_year,
    difficulty_of,
    first_sale_share,
    is_hard,
    is_small,
    missing_facts,
    ownership_of,
    potential_acv,
    potential_path,
)
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.questions import QUESTION, missing_words
from advisor.framework.responsibilities import Responsibilities, responsibilities
from advisor.framework.scenario import Owner, Reason, Scenario, Team
from advisor.framework.sources import Source
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, listed, money, percent, points, team_today, years

FLOAT_NOISE = 1e-9
MOST = 0.5  # of a whole: what the word says, wherever a policy has its thresholds


class Step(NamedTuple):
    """One step of the path that led to the advice.

    Attributes:
        question: What was asked.
        answer: What was answered, with its unit.
        threshold: What it was held against.
        outcome: What follows.
        source: The passage behind the step.
    """

    question: str
    answer: str
    threshold: str
    outcome: str
    source: Source


class Mismatch(NamedTuple):
    """Something declared of today that differs from the advice.

    Attributes:
        what: `team` or `owner`.
        today: What is declared.
        advised: What the advice says.
        sentence: Today, advised, and the rule between them, understandable without the page around it.
        source: The passage behind that rule.
    """

    what: str
    today: str
    advised: str
    sentence: str
    source: Source


class CopyCheck(NamedTuple):
    """Today's organisation beside the advised one (Roberge's inappropriate cut and paste).

    Attributes:
        mismatches: What is declared and differs.
        reason: The reason given for today's.
        warning: What to say about that reason; empty where it is an analysis, or nothing can be compared yet.
    """

    mismatches: tuple[Mismatch, ...]
    reason: Reason | None
    warning: str


class QuotaCheck(NamedTuple):
    """Whether an AE who stays can meet the quota from a handful of accounts.

    Attributes:
        accounts_low: Accounts needed for the low end of the quota; None where an account does not grow.
        accounts_high: Accounts needed for its high end.
        holds: Whether the low end is within a handful.
        sentence: The check in words.
    """

    accounts_low: float | None
    accounts_high: float | None
    holds: bool
    sentence: str


class Border(NamedTuple):
    """A border of the zone, in the user's units.

    Attributes:
        zone: The zone beyond it.
        acv: The ACV (USD a year) that reaches it, or None where none does.
        motion: The motion (0 to 100) that reaches it, or None.
        rises: Whether it lies above: a larger contract or a heavier motion reaches it.
        sentence: The same in words.
    """

    zone: Zone
    acv: float | None
    motion: float | None
    rises: bool
    sentence: str


@dataclass(frozen=True)
class Advice:
    """What the framework says of one scenario. Unknown parts are None, empty or open, never a guess.

    Attributes:
        scenario: The answers it rests on.
        policy: The thresholds it rests on.
        position: Place on the chart, or None while ACV or motion is missing.
        zone: Which team fits there.
        share: Share of potential lifetime value in the first sale (fraction).
        potential: What an account can become (USD a year).
        difficulty: Score of the expansion work, 0 to 100, as a range until every fact is answered.
        ownership: Roberge's verdict.
        team: The roles around the account.
        owner: Who owns renewal and expansion.
        cross_check: How verdict and zone stand to each other.
        close_calls: Of `share`, `difficulty` and `border`, those near their threshold.
        flip_points: The nearest change of each numeric answer that changes verdict or team.
    """

    scenario: Scenario
    policy: Policy
    position: Position | None
    zone: Zone | None
    share: float | None
    potential: float | None
    difficulty: Difficulty | None
    ownership: Ownership
    team: Team | None
    owner: Owner
    cross_check: CrossCheck
    close_calls: tuple[str, ...]
    flip_points: tuple[FlipPoint, ...]

    @property
    def decision(self) -> Decision:
        return Decision(self.ownership, self.team)

    @property
    def is_small(self) -> bool | None:
        return is_small(self.share, self.policy)

    @property
    def is_hard(self) -> bool | None:
        return is_hard(self.difficulty, self.policy)

    @property
    def asks_difficulty(self) -> bool:
        """Whether question 2 is called for: only if most of the value is not captured in the first sale."""
        return self.is_small is not False

    @property
    def ownership_is_settled(self) -> bool:
        """Whether no answer that is still missing can change the verdict.

        Two answers are assumed until they are given, and count as given here (framework.md, 8): the years to the potential, which
        win over a growth rate, and whether it grows by itself, which a blank beside other facts denies.
        """
        return self.ownership is not Ownership.UNDECIDED

    @property
    def owner_is_settled(self) -> bool:
        return self.zone is Zone.CSAM or (self.zone is not None and self.ownership_is_settled)

    @property
    def team_is_settled(self) -> bool:
        """Whether no answer that is still missing can change the team: an unknown prize may yet trim it."""
        if self.zone is None:
            return False
        if self.zone is not Zone.ENTERPRISE or self.ownership is Ownership.SPECIALIZE:
            return True
        if self.ownership is Ownership.KEEP_TOGETHER:
            return self.potential is not None
        return self.potential is not None and self.potential < self.policy.trim_potential

    @property
    def tension_sentence(self) -> str:
        return "" if self.position is None else coverage.tension_sentence(self.position.tension, self.policy)

    @property
    def peak_ratio(self) -> float | None:
        """First contract over potential (fraction), to be read beside the share; None while one is unknown."""
        if self.scenario.acv is None or not self.potential:
            return None
        return self.scenario.acv / self.potential

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the questions whose answers could still settle verdict or team, most important first."""
        names: list[str] = [name for name in ("acv", "motion") if getattr(self.scenario, name) is None]
        if not self.ownership_is_settled:
            if self.is_small is None:
                names.append("first_sale_share")
            if self.is_hard is None and self.asks_difficulty:
                names += missing_facts(self.scenario.expansion_paths)
        elif not self.team_is_settled and self.zone is Zone.ENTERPRISE:
            names.append("potential_acv")
        return tuple(names)

    @property
    def missing_words(self) -> str:
        """What verdict or team still wait for, in one line; empty where both are there."""
        return _missing_words(self)

    @cached_property
    def borders(self) -> tuple[Border, ...]:
        """The borders of the zone, in the user's units, the nearer first."""
        return _borders(self)

    @cached_property
    def path(self) -> tuple[Step, ...]:
        """The steps that led to the verdict and the team."""
        return _path(self)

    @property
    def flip_sentences(self) -> tuple[str, ...]:
        return tuple(sentence(flip, self.decision) for flip in self.flip_points)

    @property
    def cross_check_sentence(self) -> str:
        at = None
        if self.zone is Zone.CSAM and self.scenario.motion is not None:
            at = coverage.acv_at_border(self.policy.middle_from, self.scenario.motion, self.policy)
        return cross_check.cross_check_sentence(self.zone, self.ownership, self.team, at)

    @property
    def responsibilities(self) -> Responsibilities:
        """Who does what as advised."""
        return responsibilities(self.team, self.owner)

    @property
    def responsibilities_today(self) -> Responsibilities:
        """Who does what as declared of today."""
        return responsibilities(self.scenario.current_team, self.scenario.current_owner)

    @property
    def hand_overs(self) -> int | None:
        return self.responsibilities.hand_overs

    @property
    def local_maximums(self) -> tuple[LocalMaximum, ...]:
        return local_maximums(self.team, self.owner)

    @property
    def compensation(self) -> PayPlan:
        return pay_plan(self.scenario, self.policy)

    @property
    def pays_nobody(self) -> bool:
        """Whether nobody of the advised team is paid on a deal, so that the pay plan is for the day somebody is."""
        return self.team is Team.CSAM

    @cached_property
    def quota_check(self) -> QuotaCheck | None:
        """For the trimmed team, always; None for every other."""
        return _quota_check(self)

    @cached_property
    def copy_check(self) -> CopyCheck:
        return _copy_check(self)

    @property
    def mismatch(self) -> tuple[str, ...]:
        """Of `team` and `owner`, what is declared and differs."""
        return tuple(mismatch.what for mismatch in self.copy_check.mismatches)

    @property
    def change_sentence(self) -> str:
        """Today's owner and team, and what becomes of them; empty where nothing is declared that the advice speaks of."""
        return _change_sentence(self)

    @property
    def assumed_retention(self) -> float | None:
        """The gross retention (fraction) that was taken because none was answered; None where none was needed."""
        path = None if self.scenario.first_sale_share is not None else potential_path(self.scenario, self.policy)
        return None if path is None or path.retention is not None else self.policy.assumed_gross_retention(path.acv)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """What was assumed because it was not answered, each with its number."""
        return _assumptions(self)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the advice holds under."""
        if self.team is not Team.AE_SE_SUPPORT:
            return ()
        watch = "Customers must stay as satisfied as before: watch gross retention and the indicator by cohort."
        return (watch,) if self.quota_check is None else (watch, self.quota_check.sentence)

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return _headline(self)

    @property
    def reason(self) -> str:
        """Why, in one sentence that names the numbers."""
        return f"{_capital(_reason(self))}."

    @cached_property
    def summary(self) -> str:
        """One sentence that says it all."""
        return _summary(self)


def advise(scenario: Scenario, policy: Policy = DEFAULT_POLICY) -> Advice:
    """Apply the framework to one scenario. Never raises for a scenario whose answers are within their ranges."""
    position = coverage.position_of(scenario.acv, scenario.motion, policy)
    weight = None if position is None else position.weight
    zone = None if weight is None else coverage.zone_of(weight, policy)
    share = first_sale_share(scenario, policy)
    potential = potential_acv(scenario, policy)
    difficulty = difficulty_of(scenario.expansion_paths, policy)
    ownership = ownership_of(is_small(share, policy), is_hard(difficulty, policy))
    return Advice(
        scenario,
        policy,
        position,
        zone,
        share,
        potential,
        difficulty,
        ownership,
        cross_check.team_of(zone, ownership, potential, policy),
        cross_check.owner_of(zone, ownership),
        cross_check.cross_check(zone, ownership),
        _close_calls(weight, share, difficulty, policy),
        flip_points(scenario, Measures(weight, share, difficulty, potential), policy),
    )


def _close_calls(weight: float | None, share: float | None, difficulty: Difficulty | None, policy: Policy) -> tuple[str, ...]:
    def is_near(value: float | None, threshold: float, margin: float) -> bool:
        return value is not None and abs(value - threshold) <= margin + FLOAT_NOISE

    calls = []
    if is_near(share, policy.small_share, policy.share_margin):
        calls.append("share")
    if is_near(None if difficulty is None else difficulty.score, policy.hard_expansion, policy.difficulty_margin):
        calls.append("difficulty")
    if any(is_near(weight, border, policy.border_margin) for border in coverage.borders(policy)):
        calls.append("border")
    return tuple(calls)


def difficulty_text(difficulty: Difficulty | None) -> str:
    if difficulty is None:
        return "not answered"
    if difficulty.score is not None:
        return f"{points(difficulty.score)} of 100"
    return f"{points(difficulty.low)} to {points(difficulty.high)} of 100"


def _difficulty_bound(advice: Advice) -> str:
    """The end of an open range that settles the question: at least 55 of 100 is hard already."""
    difficulty = advice.difficulty
    if difficulty is None or difficulty.score is not None or advice.is_hard is None:
        return difficulty_text(difficulty)
    return f"at least {points(difficulty.low)} of 100" if advice.is_hard else f"at most {points(difficulty.high)} of 100"


def _path(advice: Advice) -> tuple[Step, ...]:
    policy = advice.policy
    steps = [_share_step(advice)]
    if advice.asks_difficulty:
        steps.append(_difficulty_step(advice))
    if advice.position is None:
        place, lacking = "not answered", listed([QUESTION[name].noun for name in advice.missing if name in ("acv", "motion")])
        outcome = f"Answer {lacking} to place the segment."
    else:
        place = f"{money(advice.scenario.acv or 0)} at motion {points(advice.scenario.motion or 0)}: weight {advice.position.weight:.2f}"
        outcome = f"{ZONE_NAMES[advice.zone]} zone." if advice.zone else ""
    steps.append(
        Step(
            "Where does the segment sit between contract value and sales motion?",
            place,
            f"CSAM under {policy.middle_from:.2f}, enterprise above {policy.enterprise_above:.2f}",
            outcome,
            sources.TUNGUZ_CHART,
        )
    )
    if advice.position is not None and advice.tension_sentence:
        steps.append(
            Step(
                "Do contract and motion fit each other?",
                f"{advice.position.tension:+.2f}",
                f"an exception from {policy.strong_tension:.2f} either way",
                advice.tension_sentence,
                sources.TUNGUZ_EXCEPTIONS,
            )
        )
    if advice.zone is Zone.ENTERPRISE and advice.ownership is Ownership.KEEP_TOGETHER:
        steps.append(
            Step(
                "Is the prize large enough for an AE who stays without a CSM?",
                "not known" if advice.potential is None else f"{money(advice.potential)} a year",
                f"at least {money(policy.trim_potential)} a year",
                "Trim the CSM." if advice.team is Team.AE_SE_SUPPORT else "Keep the CSM for adoption.",
                sources.TUNGUZ_PRIZE,
            )
        )
    rule = sources.ROBERGE_RULE if advice.team is None else cross_check.TEAM_SOURCES[advice.team]
    steps.append(
        Step(
            "Do verdict and zone agree?",
            CROSS_CHECK_NAMES[advice.cross_check],
            "the verdict decides the owner, the zone the roles",
            advice.cross_check_sentence,
            rule,
        )
    )
    return tuple(steps)


CROSS_CHECK_NAMES: dict[CrossCheck, str] = {
    CrossCheck.AGREE: "They agree",
    CrossCheck.REFINE: "The verdict refines the team",
    CrossCheck.CONFLICT: "They conflict",
    CrossCheck.DOES_NOT_ARISE: "The question does not arise",
    CrossCheck.OPEN: "Open",
}


def _share_step(advice: Advice) -> Step:
    outcomes = {
        None: "Not answered yet.",
        True: f"Small: {_to_come(advice)}, so ask how hard the expansion is.",
        False: "Not small: the first sale captured the value, so specialize.",
    }
    return Step(
        "What share of the potential lifetime value does the first sale capture?",
        "not answered" if advice.share is None else percent(advice.share),
        f"small under {percent(advice.policy.small_share)}",
        outcomes[advice.is_small],
        sources.ROBERGE_FIRST_SALE,
    )


def _difficulty_step(advice: Advice) -> Step:
    hard = advice.is_hard
    if hard is None:
        outcome = "Not answered yet." if advice.difficulty is None else "The facts so far leave it open."
    elif not hard:
        outcome = "Not hard: anyone can do the expansion, so specialize."
    elif advice.is_small:
        outcome = f"Hard, and {_to_come(advice)}: keep the roles together."
    else:
        outcome = "Hard."
    return Step(
        "How hard is the expansion work?",
        difficulty_text(advice.difficulty),
        f"hard from {points(advice.policy.hard_expansion)}",
        outcome,
        sources.ROBERGE_EXPANSION_WORK,
    )


def _borders(advice: Advice) -> tuple[Border, ...]:
    acv, motion, position, policy = advice.scenario.acv, advice.scenario.motion, advice.position, advice.policy
    if acv is None or motion is None or position is None:
        return ()
    beyond = {
        Zone.CSAM: ((policy.middle_from, Zone.MIDDLE),),
        Zone.MIDDLE: ((policy.middle_from, Zone.CSAM), (policy.enterprise_above, Zone.ENTERPRISE)),
        Zone.ENTERPRISE: ((policy.enterprise_above, Zone.MIDDLE),),
    }
    found = []
    for border, zone in beyond[coverage.zone_of(position.weight, policy)]:
        at_acv = coverage.acv_at_border(border, motion, policy)
        at_motion = coverage.motion_at_border(border, position.acv_position, policy)
        rises = zone is not Zone.CSAM and border >= position.weight  # a border itself still belongs to the middle
        moves = []
        if at_acv is not None:
            moves.append(f"ACV {'above' if rises else 'below'} {money(at_acv)}")
        if at_motion is not None:
            moves.append(f"a motion {'beyond' if rises else 'below'} {points(round(at_motion, 1))}")
        if moves:
            said = f"{', or '.join(moves)}{',' if len(moves) > 1 else ''} moves this to {ZONE_NAMES[zone]}."
            found.append((abs(border - position.weight), Border(zone, at_acv, at_motion, rises, said[0].upper() + said[1:])))
    return tuple(border for _, border in sorted(found, key=lambda item: item[0]))


def _quota_check(advice: Advice) -> QuotaCheck | None:
    policy = advice.policy
    if advice.team is not Team.AE_SE_SUPPORT:
        return None
    quota = f"A quota of {money(policy.quota_low)} to {money(policy.quota_high)}"
    yearly = _yearly_expansion(advice)
    if yearly <= 0:
        reason = "the potential is not above the first contract, so no number of accounts meets it"
        return QuotaCheck(None, None, False, f"{quota} cannot be checked: {reason}.")
    low, high = policy.quota_low / yearly, policy.quota_high / yearly
    holds = low <= policy.handful + FLOAT_NOISE
    fewest, most = ceil(low - FLOAT_NOISE), ceil(high - FLOAT_NOISE)
    accounts = "one account" if most == 1 else f"{most} accounts" if fewest == most else f"{fewest} to {most} accounts"
    verdict = "which a handful allows" if holds else f"more than the {policy.handful} that one AE can hold"
    return QuotaCheck(
        low, high, holds, f"{quota} takes {accounts} growing by {money(yearly)} a year{'' if most == 1 else ' each'}, {verdict}."
    )


def _yearly_expansion(advice: Advice) -> float:
    """By how much an account grows a year (USD): evenly to its potential, or by its growth rate within the horizon."""
    path, policy = potential_path(advice.scenario, advice.policy), advice.policy
    if path is None:
        return 0.0
    if path.years is not None and path.potential is not None:
        return (path.potential - path.acv) / path.years
    last = policy.horizon_years - 1
    return (contract_in_year(path, last) - path.acv) / max(last, 1)


def _assumptions(advice: Advice) -> tuple[str, ...]:
    scenario, policy = advice.scenario, advice.policy
    path = None if scenario.first_sale_share is not None else potential_path(scenario, policy)
    if path is None:
        return ()
    assumed = [f"value over {years(policy.horizon_years)} at {percent(policy.discount_rate)} discount"]
    if advice.assumed_retention is not None:
        assumed.append(f"gross retention {percent(advice.assumed_retention)} a year")
    if path.years is not None and scenario.years_to_potential is None:
        assumed.append(f"the potential is reached after {years(path.years)}")
    return tuple(assumed)


def _copy_check(advice: Advice) -> CopyCheck:
    scenario = advice.scenario
    mismatches = []
    if scenario.current_team is not None and advice.team is not None and scenario.current_team is not advice.team:
        today, advised = team_today(scenario), TEAM_NAMES[advice.team]
        sentence = f"Runs {today} at {_place(scenario)}: {advised} fits."
        mismatches.append(Mismatch("team", today, advised, sentence, cross_check.TEAM_SOURCES[advice.team]))
    declared = Owner.CSM if scenario.current_owner is Owner.AM else scenario.current_owner
    if scenario.current_owner is not None and advice.owner is not Owner.OPEN and declared is not advice.owner:
        today, advised = OWNER_NAMES[scenario.current_owner], OWNER_NAMES[advice.owner]
        sentence = f"{_capital(today)} owns the expansion today: {_because(advice)}"
        rule = sources.TUNGUZ_CSAM if advice.zone is Zone.CSAM else sources.ROBERGE_RULE
        mismatches.append(Mismatch("owner", today, advised, sentence, rule))
    team_is_compared = scenario.current_team is not None and advice.team is not None
    is_compared = team_is_compared or (declared is not None and advice.owner is not Owner.OPEN)
    warning = _copy_warning(bool(mismatches), advice) if is_compared else ""
    return CopyCheck(tuple(mismatches), scenario.current_reason, warning)


def _change_sentence(advice: Advice) -> str:
    owner, team = advice.scenario.current_owner, advice.scenario.current_team
    today, then = [], []
    if owner is not None and advice.owner is not Owner.OPEN:
        stays = "owner" not in advice.mismatch
        today.append(f"{OWNER_NAMES[owner]} owns the expansion")
        then.append(f"{OWNER_NAMES[owner if stays else advice.owner]}{' still' if stays else ''} owns the expansion")
    if team is not None and advice.team is not None:
        today.append(f"the team is {_team_name(team)}")
        then.append(f"the team is {_team_name(advice.team)}" if "team" in advice.mismatch else "the team stays")
    if not today:
        return ""
    from_now_on = " and ".join(then) if advice.mismatch else "the same"
    return f"Today: {' and '.join(today)}. From now on, as advised: {from_now_on}."


def _team_name(team: Team) -> str:
    return "another one" if team is Team.OTHER else TEAM_NAMES[team]


def _copy_warning(differs: bool, advice: Advice) -> str:
    reason = advice.scenario.current_reason
    if reason is None or reason is Reason.ANALYSIS:
        return ""
    said = {
        Reason.BOARD_MEMBER: "It is so because a board member advised it",
        Reason.ADMIRED_COMPANY: "It is so because a company you admire does it",
        Reason.ALWAYS_BEEN_SO: "It has always been so",
        Reason.UNKNOWN: "Nobody knows why it is so",
    }[reason]
    rate = percent(advice.policy.base_rate_specialized)
    if differs:
        return f"{said}, and it does not fit this segment: so it was copied without fitting."
    return f"{said}; it fits this segment all the same. About {rate} of one portfolio specialize: a frequency, not a reason."


def _place(scenario: Scenario) -> str:
    return f"{money(scenario.acv or 0)} ACV, {coverage.motion_name(scenario.motion or 0.0)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _captured(advice: Advice) -> str:
    """What a first sale that is not small captures: by a workspace's own policy that need not be most of the value."""
    share = advice.share or 0.0
    return "most of the value" if share >= MOST else f"{percent(share)} of the value, not under {percent(advice.policy.small_share)}"


def _to_come(advice: Advice) -> str:
    share = advice.share or 0.0
    return "most of the value is still to come" if share < MOST else f"{percent(1 - share)} of the value is still to come"


def _because(advice: Advice) -> str:
    """The advised owner with the reason, as the end of a sentence."""
    if advice.zone is Zone.CSAM:
        return "a CSAM serves and expands here."
    if advice.ownership is Ownership.KEEP_TOGETHER:
        return f"{_to_come(advice)} and the expansion is hard, so the AE should."
    if advice.is_small is False:
        return f"the first sale captures {_captured(advice)}, so a CSM can."
    return "the expansion is not hard, so a CSM can."


def _headline(advice: Advice) -> str:
    if advice.zone is Zone.CSAM and advice.ownership is not Ownership.KEEP_TOGETHER:
        return "One CSAM serves and expands"
    match advice.ownership:
        case Ownership.KEEP_TOGETHER if advice.zone is Zone.CSAM:
            return "A CSAM, until an AE takes over"
        case Ownership.KEEP_TOGETHER:
            return "Keep the AE on the account"
        case Ownership.SPECIALIZE:
            return "Specialize: hand over to a CSM"
        case _:
            return "Not decided yet"


def _missing_words(advice: Advice) -> str:
    if advice.ownership is Ownership.UNDECIDED and advice.zone is not Zone.CSAM:
        start = advice.headline
    elif advice.team is None:
        start = "Team open"
    else:
        return ""
    return f"{start}: {missing_words(advice.missing)} {'is' if len(advice.missing) == 1 else 'are'} missing."


def _reason(advice: Advice) -> str:
    """Why, in the fewest words that name the numbers."""
    share = None if advice.share is None else f"the first sale captures {percent(advice.share)} of the potential value"
    if advice.ownership is Ownership.UNDECIDED:
        if advice.zone is Zone.CSAM:
            return "so small a contract with so light a motion carries one role"
        lacking = [QUESTION[name].noun for name in advice.missing if name not in ("acv", "motion")]
        if len(lacking) > 3:
            facts = len(lacking) - (advice.share is None)
            return f"{share or 'the share is not known'} and {facts} facts about the expansion are missing"
        return f"{listed(lacking)} {'is' if len(lacking) == 1 else 'are'} not answered yet"
    if advice.ownership is Ownership.KEEP_TOGETHER:
        return f"{share} and the expansion is hard ({_difficulty_bound(advice)})"
    if advice.is_small is False:
        return share or ""
    hard = f"the expansion is not hard ({_difficulty_bound(advice)})"
    return hard if share is None else f"{share}, but {hard}"


def _summary(advice: Advice) -> str:
    segment = advice.scenario.segment.strip()
    start = f"{segment}: {advice.headline[0].lower()}{advice.headline[1:]}" if segment else advice.headline
    if advice.team is None:
        team = "the team is open until ACV and sales motion are known"
    elif advice.team is Team.CSAM:
        team = "no further role stands around the account"
    else:
        team = f"the team is {TEAM_NAMES[advice.team]}"
    return f"{start}, since {_reason(advice)}; {team}."
