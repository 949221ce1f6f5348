"""Every input has words, and the page shows exactly the assumptions that the numbers read."""

from collections.abc import Iterator, Mapping

from advisor.economics.assumptions import assumptions, assumptions_at
from advisor.economics.headcount import Plan, crew_of
from advisor.economics.segment import DIFFICULTY
from advisor.economics.selling import SELLING, deals_won, selling_cost
from advisor.economics.teams import TEAMS, keeping_margin, team_numbers
from advisor.economics.unit_economics import Numbers
from advisor.economics.words import ALL_INPUTS, GROUPS, INPUTS, PAY_GROUPS, PAY_INPUTS, words_of
from advisor.framework.scenario import Owner
from tests.economics.test_teams import HARD, segment, typical


class Read(Mapping[str, Numbers]):
    """Inputs that remember which of them were read."""

    def __init__(self, inputs: Mapping[str, Numbers]) -> None:
        self.inputs = inputs
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Numbers:
        self.names.add(name)
        return self.inputs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.inputs)

    def __len__(self) -> int:
        return len(self.inputs)


def test_the_inputs_with_words_are_those_that_the_numbers_read() -> None:
    names: set[str] = set()
    for owner in (Owner.AE, Owner.CSM):
        of = segment(owner, motion=75.0, potential_acv=1e6, expansion_paths=(HARD,))
        x = Read(typical(of))
        for team in TEAMS:
            team_numbers(team, of, x)
            crew_of(team, of, Plan(100, 25), x)
        keeping_margin(of, x)
        names |= x.names
    assert names - {DIFFICULTY} == INPUTS.keys()


def test_the_people_in_a_benchmark_and_their_deals_are_reckoned_from_what_selling_reads() -> None:
    x = Read(typical(segment()))
    for team in TEAMS:
        selling_cost(team, 50_000.0, x)
        deals_won(team, 75.0, x)
    assert x.names == set(SELLING)


def test_words_are_each_once_and_no_code() -> None:
    words = [words_of(name) for name in [*ALL_INPUTS, DIFFICULTY]]
    assert len(words) == len(set(words))
    assert not [each for each in words if "_" in each]
    assert sum(len(group.inputs) for group in GROUPS) == len(INPUTS)
    assert sum(len(group.inputs) for group in PAY_GROUPS) == len(PAY_INPUTS)
    assert ALL_INPUTS.keys() <= assumptions().keys()


def test_every_default_lies_between_the_ends_of_its_input() -> None:
    for acv in (112.0, 30_000.0, 1e6):
        found = assumptions_at(acv)
        assert [name for name, given in ALL_INPUTS.items() if not given.low <= found[name].low <= found[name].high <= given.high] == []
