"""Placing oneself on the coverage map: how a room answers its first question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from advisor.charts.room_map import blank_map
from advisor.charts.theme import PAGE, Figure
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.framework.policy import Policy
from advisor.models.scenario import AnswerValue
from advisor.views.scenario_page import Field, Slider

MOTION_SLIDER = Slider(0, 100)


def placing_context(fields: Sequence[Field], answers: Mapping[str, AnswerValue], policy: Policy) -> dict[str, object]:
    """What `placing.html` shows: the two fields with sliders that run as far as the map, and the map without anybody's mark.

    `answers`: one's own, by question.
    """
    by_name = {field.name: field for field in fields}
    narrow, wide = _blank_maps(policy)
    # The map's own ends, so that the slider runs as far as the map does.
    acv_slider = Slider(policy.acv_floor, policy.acv_ceiling, is_log=True)
    return {
        "placing": {
            "acv": _with_slider(by_name["acv"], acv_slider, answers.get("acv")),
            "motion": _with_slider(by_name["motion"], MOTION_SLIDER, answers.get("motion")),
            "figure": narrow,
            "wide": wide,
        }
    }


@lru_cache(maxsize=50)
def _blank_maps(policy: Policy) -> tuple[Figure, Figure]:
    """The narrow and the wide one, which are the same in every room with this policy."""
    return blank_map(policy=policy, look=PAGE), blank_map(policy=policy, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])


def _with_slider(field: Field, slider: Slider, value: AnswerValue) -> Field:
    place = slider.place(value) if isinstance(value, int | float) else None
    return replace(field, slider=slider, place=place)
