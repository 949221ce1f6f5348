"""How somebody places themselves on the coverage map."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from advisor.forms.scenario import ASKED
from advisor.framework.policy import DEFAULT_POLICY
from advisor.views.placing import placing_context
from advisor.views.scenario_page import Field


def test_placing_takes_sliders_that_run_as_far_as_the_map() -> None:
    fields = [Field(name, ASKED[name], "", "", "") for name in ("acv", "motion")]
    placing: Any = placing_context(fields, {"acv": 150_000.0, "motion": None}, DEFAULT_POLICY)["placing"]
    assert (placing["acv"].slider.low, placing["acv"].slider.high, placing["acv"].place) == (1_000, 150_000, 100)
    assert placing["motion"].place is None
    html = render_to_string("placing.html#placing", {"placing": placing})
    assert html.count('type="range"') == 2
    assert 'name="acv"' in html
