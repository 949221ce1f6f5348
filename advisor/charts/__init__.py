"""Charts as plain dicts for plotly.js: values of the framework in, a figure out."""

from advisor.charts.coverage_map import coverage_map
from advisor.charts.ownership_quadrant import ownership_quadrant
from advisor.charts.registry import CHARTS, Chart
from advisor.charts.responsibilities_map import responsibilities_map
from advisor.charts.spot import PLAN, TODAY, Spot
from advisor.charts.theme import CSS, DARK, LIGHT, PAGE, PICTURE, Figure, Look, Palette, plain
from advisor.charts.titles import Footer, coverage_title, ownership_title, responsibilities_title, spot_title

__all__ = [
    "CHARTS",
    "CSS",
    "DARK",
    "LIGHT",
    "PAGE",
    "PICTURE",
    "PLAN",
    "TODAY",
    "Chart",
    "Figure",
    "Footer",
    "Look",
    "Palette",
    "Spot",
    "coverage_map",
    "coverage_title",
    "ownership_quadrant",
    "ownership_title",
    "plain",
    "responsibilities_map",
    "responsibilities_title",
    "spot_title",
]
