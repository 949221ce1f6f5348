"""What an address may ask a picture to be."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from advisor.exports.picture import BrowserBroken, BrowserMissing, Picture, RendererBusy, RenderFailed, RenderTimeout


def test_picture_of_an_empty_query_is_full_hd_at_scale_two_on_white() -> None:
    picture = Picture.from_query(QueryDict(""))

    assert picture == Picture(width=1920, height=1080, scale=2.0, background="white")
    assert picture.pixels == (3840, 2160)


@pytest.mark.parametrize(
    ("query", "picture"),
    [
        ("width=1280&height=720&scale=1", Picture(width=1280, height=720, scale=1)),
        ("background=transparent", Picture(background="transparent")),
        ("scale=1.5", Picture(scale=1.5)),
        ("scale=4.00", Picture(scale=4)),
        ("width=320&height=180", Picture(width=320, height=180)),
        ("width=3840&height=2160", Picture(width=3840, height=2160)),
        ("download=1&width=800", Picture(width=800)),
        ("width=800&width=900", Picture(width=900)),
    ],
)
def test_picture_takes_what_the_query_asks_for(query: str, picture: Picture) -> None:
    assert Picture.from_query(QueryDict(query)) == picture


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("width=319", "width: expected a whole number from 320 to 3840, got 319."),
        ("width=3841", "width: expected a whole number from 320 to 3840, got 3841."),
        ("width=", "width: expected a whole number from 320 to 3840, got ''."),
        ("width=-800", "width: expected a whole number from 320 to 3840, got '-800'."),
        ("width=1e3", "width: expected a whole number from 320 to 3840, got '1e3'."),
        ("width=1_000", "width: expected a whole number from 320 to 3840, got '1_000'."),
        ("height=179", "height: expected a whole number from 180 to 2160, got 179."),
        ("height=1080.0", "height: expected a whole number from 180 to 2160, got '1080.0'."),
        ("height=" + "9" * 100, f"height: expected a whole number from 180 to 2160, got '{'9' * 40}'."),
        ("scale=0.5", "scale: expected 1 to 4 in steps of 0.25, got 0.5."),
        ("scale=4.25", "scale: expected 1 to 4 in steps of 0.25, got 4.25."),
        ("scale=1.1", "scale: expected 1 to 4 in steps of 0.25, got 1.1."),
        ("scale=nan", "scale: expected 1 to 4 in steps of 0.25, got 'nan'."),
        ("scale=two", "scale: expected 1 to 4 in steps of 0.25, got 'two'."),
        ("scale=1.5&width=801", "scale: width 801 at scale 1.5 is 1201.5 pixels, not a whole number."),
        ("scale=1.25&height=1081", "scale: height 1081 at scale 1.25 is 1351.25 pixels, not a whole number."),
        ("scale=3&width=3840", "scale: 3840x1080 at scale 3 is larger than 7680x4320 pixels; choose a smaller one."),
        ("background=black", "background: expected white or transparent, got 'black'."),
        ("background=", "background: expected white or transparent, got ''."),
    ],
)
def test_picture_names_the_parameter_that_is_out_of_bounds(query: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"expected|whole|larger") as error:
        Picture.from_query(QueryDict(query))

    assert str(error.value) == sentence


def test_unavailable_pictures_carry_a_status_and_when_to_ask_again() -> None:
    assert [
        (type(unavailable).__name__, unavailable.status, unavailable.retry_after)
        for unavailable in (BrowserMissing("No."), BrowserBroken("No."), RendererBusy(), RenderTimeout(15), RenderFailed())
    ] == [
        ("BrowserMissing", 503, None),
        ("BrowserBroken", 503, 30),
        ("RendererBusy", 503, 5),
        ("RenderTimeout", 504, 5),
        ("RenderFailed", 422, None),
    ]


@pytest.mark.parametrize(
    ("width", "height", "layout"),
    [
        (1920, 1080, (1920, 1080)),
        (1280, 720, (1920, 1080)),
        (320, 180, (1920, 1080)),
        (3840, 2160, (1920, 1080)),
        (1080, 1080, (1920, 1920)),
        (1600, 500, (3456, 1080)),
    ],
)
def test_chart_is_laid_out_for_its_texts_in_the_proportions_asked_for(width: int, height: int, layout: tuple[int, int]) -> None:
    picture = Picture(width=width, height=height)
    assert picture.layout == pytest.approx(layout)
    assert [side * picture.zoom for side in picture.layout] == pytest.approx(picture.pixels)
