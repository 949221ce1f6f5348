"""Section 6: what each role maximises by itself, whom that hurts, and the countermeasure."""

from __future__ import annotations

import pytest

from advisor.framework import local_maximums as summits
from advisor.framework.local_maximums import AE, BDR, COASTING_AE, CSAM, CSM, SE, SUPPORT, THE_WHOLE, TRIMMED, LocalMaximum, local_maximums
from advisor.framework.scenario import Owner, Team
from advisor.framework.sources import SOURCES


@pytest.mark.parametrize(
    ("team", "owner", "found"),
    [
        pytest.param(Team.CSAM, Owner.CSAM, (CSAM,), id="CSAM: one role"),
        pytest.param(Team.AE_CSM_SUPPORT, Owner.CSM, (BDR, AE, CSM, SUPPORT), id="middle, specialize"),
        pytest.param(Team.AE_CSM_SUPPORT, Owner.AE, (BDR, AE, COASTING_AE, CSM, SUPPORT), id="middle, keep: the AE may coast"),
        pytest.param(Team.AE_CSM_SUPPORT, Owner.OPEN, (BDR, AE, CSM, SUPPORT), id="middle, undecided"),
        pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.CSM, (BDR, AE, SE, SUPPORT, CSM), id="enterprise, specialize"),
        pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.AE, (BDR, AE, COASTING_AE, SE, SUPPORT, CSM), id="enterprise, keep"),
        pytest.param(Team.AE_SE_SUPPORT_CSM, Owner.OPEN, (BDR, AE, SE, SUPPORT, CSM), id="enterprise, undecided"),
        pytest.param(
            Team.AE_SE_SUPPORT, Owner.AE, (BDR, AE, COASTING_AE, SE, SUPPORT, TRIMMED), id="trimmed: nobody is paid for satisfaction"
        ),
        pytest.param(None, Owner.AE, (), id="no team, no roles"),
        pytest.param(Team.OTHER, Owner.CSM, (), id="another team: its roles are not known"),
    ],
)
def test_local_maximums_are_those_of_the_roles_present(team: Team | None, owner: Owner, found: tuple[LocalMaximum, ...]) -> None:
    assert local_maximums(team, owner) == found


@pytest.mark.parametrize(
    ("summit", "role", "maximises", "hurts"),
    [
        pytest.param(BDR, "BDR", "number of appointments", "quality", id="BDR: appointments against their quality"),
        pytest.param(AE, "AE", "new customers and ARR", "retention and lifetime value", id="AE: new ARR against retention and LTV"),
        pytest.param(CSM, "CSM", "retention", "bar for a qualified customer", id="CSM: retention with too high a bar"),
        pytest.param(COASTING_AE, "AE who keeps accounts", "accounts already won", "coasts on past success", id="AE who keeps: coasting"),
        pytest.param(TRIMMED, "Nobody", "satisfaction", "customers", id="trimmed: nobody is paid for satisfaction"),
    ],
)
def test_local_maximum_says_what_the_definition_says(summit: LocalMaximum, role: str, maximises: str, hurts: str) -> None:
    assert summit.role.startswith(role)
    assert maximises in summit.maximises
    assert hurts in summit.hurts


def test_trimmed_team_is_told_to_watch_retention() -> None:
    assert "retention watch" in TRIMMED.countermeasure


def test_ae_is_paid_at_the_leading_indicator() -> None:
    assert "Pay half of the commission" in AE.countermeasure
    assert "leading indicator of retention" in AE.countermeasure


def test_only_the_pay_of_the_ae_is_the_essays_own_countermeasure() -> None:
    summits_of_all = [item for item in vars(summits).values() if isinstance(item, LocalMaximum)]
    assert [summit for summit in summits_of_all if not summit.is_ours] == [AE]


def test_csm_has_the_best_of_the_three_goals() -> None:
    assert "the best goal of the three" in CSM.maximises


def test_measure_of_the_whole_is_lifetime_value_and_unit_economics() -> None:
    assert [word for word in ("Lifetime value", "payback", "LTV/CAC", "magic number") if word not in THE_WHOLE] == []


@pytest.mark.parametrize("summit", [item for item in vars(summits).values() if isinstance(item, LocalMaximum)], ids=lambda item: item.role)
def test_every_local_maximum_is_complete_and_sourced(summit: LocalMaximum) -> None:
    assert all((summit.role, summit.maximises, summit.hurts, summit.countermeasure))
    assert summit.source in SOURCES
