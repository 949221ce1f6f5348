"""Section 6: one owner for each stage of a customer's life, and how often the account changes hands."""

from __future__ import annotations

import pytest

from advisor.framework.responsibilities import Responsibilities, Role, Stage, StageOwners, responsibilities, roles_present
from advisor.framework.scenario import Owner, Team

PRODUCT, CSAM, AE, SE, SUPPORT, CSM, AM = Role
NOBODY = None


def test_stages_follow_a_customers_life() -> None:
    assert [stage.value for stage in Stage] == ["source", "close", "implement", "support", "adopt", "renew", "expand"]


# Each team as it can be advised, with each owner that it can be advised with: who sources, closes, implements,
# supports, adopts, renews and expands, and how often the account changes hands.
ADVISED = [
    pytest.param(Team.CSAM, Owner.CSAM, (PRODUCT, CSAM, CSAM, CSAM, CSAM, CSAM, CSAM), 0, id="CSAM: one role does all"),
    pytest.param(Team.AE_CSM_SUPPORT, Owner.CSM, (AE, AE, CSM, SUPPORT, CSM, CSM, CSM), 1, id="middle, specialize: AE to CSM"),
    pytest.param(Team.AE_CSM_SUPPORT, Owner.AE, (AE, AE, CSM, SUPPORT, CSM, AE, AE), 0, id="middle, keep: the CSM owns adoption"),
    pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.CSM, (AE, AE, SE, SUPPORT, CSM, CSM, CSM), 1, id="enterprise, specialize"),
    pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.AE, (AE, AE, SE, SUPPORT, CSM, AE, AE), 0, id="enterprise, keep"),
    pytest.param(Team.AE_SE_SUPPORT, Owner.AE, (AE, AE, SE, SUPPORT, AE, AE, AE), 0, id="trimmed: no CSM anywhere"),
]


@pytest.mark.parametrize(("team", "owner", "owners", "hand_overs"), ADVISED)
def test_each_stage_of_an_advised_team_has_exactly_one_owner(team: Team, owner: Owner, owners: tuple[Role, ...], hand_overs: int) -> None:
    expected = tuple(StageOwners(stage, (role,)) for stage, role in zip(Stage, owners, strict=True))
    found = responsibilities(team, owner)
    assert found == Responsibilities(expected, hand_overs)
    assert found.errors == ()


@pytest.mark.parametrize(
    ("team", "owner", "renews_and_expands", "hand_overs"),
    [
        pytest.param(Team.AE_CSM_SUPPORT, Owner.AM, AM, 1, id="an account manager takes over"),
        pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.AM, AM, 1, id="an account manager in enterprise"),
        pytest.param(Team.AE_SE_SUPPORT, Owner.CSM, CSM, 1, id="a CSM takes over from a trimmed team"),
        pytest.param(Team.CSAM, Owner.AE, AE, 1, id="an AE takes over from a CSAM"),
        pytest.param(Team.AE_CSM_SUPPORT, Owner.CSAM, CSAM, 1, id="a CSAM takes over from an AE"),
    ],
)
def test_a_declared_owner_renews_and_expands(team: Team, owner: Owner, renews_and_expands: Role, hand_overs: int) -> None:
    today = responsibilities(team, owner)
    assert (today.owner_of(Stage.RENEW), today.owner_of(Stage.EXPAND)) == (renews_and_expands, renews_and_expands)
    assert today.hand_overs == hand_overs


@pytest.mark.parametrize("owner", [Owner.OPEN, None])
@pytest.mark.parametrize("team", [Team.CSAM, Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM, Team.AE_SE_SUPPORT])
def test_an_owner_that_nobody_has_named_is_open_and_no_error(team: Team, owner: Owner | None) -> None:
    found = responsibilities(team, owner)
    assert (found.errors, found.hand_overs) == ((), None)
    assert [entry.stage for entry in found.stages if entry.is_open] == [Stage.RENEW, Stage.EXPAND]


@pytest.mark.parametrize("team", [Team.CSAM, Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM, Team.AE_SE_SUPPORT])
def test_a_stage_without_an_owner_is_an_error_and_leaves_hand_overs_open(team: Team) -> None:
    found = responsibilities(team, Owner.NONE)
    assert found.errors == ("Renew has no owner.", "Expand has no owner.")
    assert (found.owner_of(Stage.RENEW), found.owner_of(Stage.EXPAND)) == (NOBODY, NOBODY)
    assert found.hand_overs is None


def test_a_stage_with_two_owners_is_an_error() -> None:
    found = Responsibilities((StageOwners(Stage.RENEW, (AE, CSM)),), None)
    assert found.errors == ("Renew has two owners.",)
    assert found.owner_of(Stage.RENEW) is NOBODY


@pytest.mark.parametrize("team", [None, Team.OTHER])
def test_nothing_is_known_of_no_team_or_another(team: Team | None) -> None:
    assert responsibilities(team, Owner.CSM) == Responsibilities((), None)
    assert responsibilities(team, Owner.CSM).owner_of(Stage.RENEW) is NOBODY


@pytest.mark.parametrize(
    ("team", "owner", "roles"),
    [
        pytest.param(Team.CSAM, Owner.CSAM, (CSAM,), id="CSAM"),
        pytest.param(Team.AE_CSM_SUPPORT, Owner.CSM, (AE, CSM, SUPPORT), id="middle, specialize"),
        pytest.param(Team.AE_CSM_SUPPORT, Owner.AE, (AE, CSM, SUPPORT), id="middle, keep"),
        pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.CSM, (AE, SE, SUPPORT, CSM), id="enterprise, specialize"),
        pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.OPEN, (AE, SE, SUPPORT, CSM), id="enterprise, undecided"),
        pytest.param(Team.AE_SE_SUPPORT, Owner.AE, (AE, SE, SUPPORT), id="trimmed"),
        pytest.param(None, Owner.CSM, (), id="no team"),
    ],
)
def test_roles_present_are_those_of_the_team(team: Team | None, owner: Owner, roles: tuple[Role, ...]) -> None:
    assert roles_present(team, owner) == roles
