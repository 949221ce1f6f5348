"""Section 5: the verdict held against the zone, with the trimmed team and the undecided rows."""

from __future__ import annotations

import pytest

from advisor.framework.coverage import Zone
from advisor.framework.cross_check import CrossCheck, cross_check, cross_check_sentence, decide, owner_of, team_of
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import Owner, Team

SPECIALIZE, KEEP, UNDECIDED = Ownership.SPECIALIZE, Ownership.KEEP_TOGETHER, Ownership.UNDECIDED

TABLE = [
    # zone, ownership, potential, team, owner, cross-check
    pytest.param(Zone.CSAM, SPECIALIZE, 5e3, Team.CSAM, Owner.CSAM, CrossCheck.DOES_NOT_ARISE, id="csam, specialize: no AE to keep"),
    pytest.param(Zone.CSAM, KEEP, 5e6, Team.CSAM, Owner.CSAM, CrossCheck.CONFLICT, id="csam, keep: a prize behind a self-serve land"),
    pytest.param(
        Zone.CSAM, UNDECIDED, None, Team.CSAM, Owner.CSAM, CrossCheck.OPEN, id="csam, undecided: the owner is the CSAM all the same"
    ),
    pytest.param(
        Zone.MIDDLE, SPECIALIZE, 5e4, Team.AE_CSM_SUPPORT, Owner.CSM, CrossCheck.AGREE, id="middle, specialize: the classical hand-over"
    ),
    pytest.param(Zone.MIDDLE, KEEP, 5e6, Team.AE_CSM_SUPPORT, Owner.AE, CrossCheck.CONFLICT, id="middle, keep: the verdict wins"),
    pytest.param(Zone.MIDDLE, UNDECIDED, None, Team.AE_CSM_SUPPORT, Owner.OPEN, CrossCheck.OPEN, id="middle, undecided: owner open"),
    pytest.param(
        Zone.ENTERPRISE, SPECIALIZE, 5e6, Team.AE_SE_SUPPORT_CSM, Owner.CSM, CrossCheck.REFINE, id="enterprise, specialize: never trimmed"
    ),
    pytest.param(Zone.ENTERPRISE, KEEP, 1e6, Team.AE_SE_SUPPORT, Owner.AE, CrossCheck.REFINE, id="enterprise, keep, $1M: trimmed"),
    pytest.param(
        Zone.ENTERPRISE, KEEP, 999_999, Team.AE_SE_SUPPORT_CSM, Owner.AE, CrossCheck.REFINE, id="enterprise, keep, under $1M: four roles"
    ),
    pytest.param(
        Zone.ENTERPRISE,
        KEEP,
        None,
        Team.AE_SE_SUPPORT_CSM,
        Owner.AE,
        CrossCheck.REFINE,
        id="enterprise, keep, prize unknown: never trimmed",
    ),
    pytest.param(
        Zone.ENTERPRISE, UNDECIDED, 5e6, Team.AE_SE_SUPPORT_CSM, Owner.OPEN, CrossCheck.OPEN, id="enterprise, undecided: four roles, open"
    ),
    pytest.param(None, SPECIALIZE, 5e6, None, Owner.CSM, CrossCheck.OPEN, id="no zone, specialize"),
    pytest.param(None, KEEP, 5e6, None, Owner.AE, CrossCheck.OPEN, id="no zone, keep"),
    pytest.param(None, UNDECIDED, None, None, Owner.OPEN, CrossCheck.OPEN, id="no zone, undecided"),
]


@pytest.mark.parametrize(("zone", "ownership", "potential", "team", "owner", "check"), TABLE)
def test_cross_check_gives_team_owner_and_agreement(
    zone: Zone | None, ownership: Ownership, potential: float | None, team: Team | None, owner: Owner, check: CrossCheck
) -> None:
    assert (team_of(zone, ownership, potential, DEFAULT_POLICY), owner_of(zone, ownership), cross_check(zone, ownership)) == (
        team,
        owner,
        check,
    )


def test_trimming_follows_an_edited_policy() -> None:
    policy = Policy(trim_potential=250_000.0)
    assert team_of(Zone.ENTERPRISE, KEEP, 250_000, policy) is Team.AE_SE_SUPPORT
    assert team_of(Zone.ENTERPRISE, KEEP, 249_999, policy) is Team.AE_SE_SUPPORT_CSM


@pytest.mark.parametrize(
    ("weight", "small", "hard", "potential", "ownership", "team"),
    [
        pytest.param(0.2, True, True, 2e6, KEEP, Team.CSAM, id="light"),
        pytest.param(0.5, True, True, 2e6, KEEP, Team.AE_CSM_SUPPORT, id="middling"),
        pytest.param(0.9, True, True, 2e6, KEEP, Team.AE_SE_SUPPORT, id="heavy, with a prize"),
        pytest.param(0.9, False, None, 2e6, SPECIALIZE, Team.AE_SE_SUPPORT_CSM, id="heavy, value captured"),
        pytest.param(None, True, None, 2e6, UNDECIDED, None, id="nothing settled"),
    ],
)
def test_decide_takes_verdict_and_team_from_four_measures(
    weight: float | None, small: bool | None, hard: bool | None, potential: float | None, ownership: Ownership, team: Team | None
) -> None:
    assert decide(weight, small, hard, potential, DEFAULT_POLICY) == (ownership, team)


@pytest.mark.parametrize(
    ("zone", "ownership", "team", "said"),
    [
        pytest.param(Zone.CSAM, SPECIALIZE, Team.CSAM, "does not arise", id="csam, specialize"),
        pytest.param(Zone.CSAM, KEEP, Team.CSAM, "once an account spends $41k a year", id="csam, keep: names the spend"),
        pytest.param(Zone.MIDDLE, SPECIALIZE, Team.AE_CSM_SUPPORT, "agree", id="middle, specialize"),
        pytest.param(Zone.MIDDLE, KEEP, Team.AE_CSM_SUPPORT, "the CSM owns adoption", id="middle, keep: who owns adoption"),
        pytest.param(
            Zone.ENTERPRISE, SPECIALIZE, Team.AE_SE_SUPPORT_CSM, "CSM, who owns renewal and expansion", id="enterprise, specialize"
        ),
        pytest.param(Zone.ENTERPRISE, KEEP, Team.AE_SE_SUPPORT, "without a CSM", id="trimmed"),
        pytest.param(Zone.ENTERPRISE, KEEP, Team.AE_SE_SUPPORT_CSM, "the CSM owns adoption", id="enterprise, keep, not trimmed"),
        pytest.param(Zone.MIDDLE, UNDECIDED, Team.AE_CSM_SUPPORT, "not decided yet", id="undecided"),
        pytest.param(None, KEEP, None, "not known yet", id="no zone"),
    ],
)
def test_cross_check_sentence_says_what_it_means(zone: Zone | None, ownership: Ownership, team: Team | None, said: str) -> None:
    assert said in cross_check_sentence(zone, ownership, team, 41_000.0)
