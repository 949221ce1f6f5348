"""Documents from the same browser: on the paper asked for, and with nothing loaded or run."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from advisor.exports.drawing import ALL_BLOCKS, Blocks
from advisor.exports.pdf import styles
from advisor.exports.picture import Paper
from advisor.exports.renderer import Renderer
from tests.exports.pictures import COLOURS, SMALL, as_json, middle, opaque, renderer
from tests.exports.test_png_network import NO_BLOCKS, Canary

pytestmark = pytest.mark.xdist_group("pictures")


def document(body: str) -> str:
    return f'<!doctype html><html lang="en"><head><title>Plan</title></head><body>{body}</body></html>'


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """Width and height of the pages, points."""
    return {(round(float(width)), round(float(height))) for width, height in re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)}


@pytest.fixture(scope="module")
def shared() -> Iterator[Renderer]:
    with renderer() as made:
        yield made


@pytest.mark.parametrize(("paper", "points"), [(Paper.A4, (596, 843)), (Paper.LETTER, (612, 792))])
def test_a_document_is_printed_on_the_paper_asked_for(shared: Renderer, paper: Paper, points: tuple[int, int]) -> None:
    pdf = shared.render(document("<p>One page</p>"), paper)
    assert pdf.startswith(b"%PDF-")
    assert (pages(pdf), sizes(pdf)) == (1, {points})


def test_a_document_that_is_longer_has_more_pages(shared: Renderer) -> None:
    assert pages(shared.render(document('<p style="break-after: page">One</p><p>Two</p>'), Paper.A4)) == 2


def test_pictures_are_drawn_between_documents(shared: Renderer) -> None:
    shared.render(document("<p>Before</p>"), Paper.A4)
    assert middle(shared.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])
    assert pages(shared.render(document("<p>After</p>"), Paper.A4)) == 1


def print_hostile(canary: Canary, blocks: Blocks) -> None:
    url = f"http://{canary.hosts[1]}"
    tricks = (
        f'<img src="{url}/img"><script>fetch("{url}/script")</script><link rel="stylesheet" href="{url}/css"><iframe src="{url}/frame">'
    )
    with renderer(blocks=blocks) as made:
        assert pages(made.render(document(f"{tricks}</iframe>"), Paper.A4)) == 1


@pytest.mark.parametrize(
    "blocks",
    [ALL_BLOCKS, Blocks(routing=False, resolver=False), Blocks(policy=False, resolver=False)],
    ids=["all", "policy alone", "routing alone"],
)
def test_a_hostile_document_reaches_no_network(blocks: Blocks) -> None:
    canary = Canary()
    try:
        print_hostile(canary, blocks)
        assert canary.asked == []
    finally:
        canary.close()


def test_a_hostile_document_would_reach_the_network_without_any_block() -> None:
    canary = Canary()
    try:
        print_hostile(canary, NO_BLOCKS)
        assert {"/img", "/css"} <= set(canary.asked)
    finally:
        canary.close()


def test_our_style_sheets_are_read_by_their_names() -> None:
    assert "@page pay-plan" in styles("app", "pay_plan")
