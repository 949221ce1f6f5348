"""Kept pictures: found by content, whole or not at all, bounded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from advisor.exports import png_cache
from advisor.exports.picture import BrowserMissing
from advisor.exports.png import close_renderer, render_png
from advisor.exports.png_cache import cached_png
from tests.exports.pictures import COLOURS, SMALL, figure, middle, need_browser, opaque

pytestmark = pytest.mark.xdist_group("pictures")


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[None]:
    need_browser()
    yield
    close_renderer()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return tmp_path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The figures that were drawn and not taken from a file."""
    figures: list[object] = []

    def counting(*arguments: object) -> bytes:
        figures.append(arguments)
        return render_png(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(png_cache, "render_png", counting)
    return figures


def files(data: Path) -> list[Path]:
    return sorted(path for path in (data / "png").rglob("*") if path.is_file())


def test_picture_is_drawn_once_and_then_read(data: Path, drawn: list[object]) -> None:
    first, second = cached_png(figure(COLOURS[0]), SMALL), cached_png(figure(COLOURS[0]), SMALL)

    assert middle(first.content) == opaque(COLOURS[0])
    assert second == first
    assert len(drawn) == 1
    assert files(data) == [data / "png" / first.etag[:2] / f"{first.etag[2:]}.png"]


def test_file_is_for_the_servers_user_alone(data: Path) -> None:
    cached_png(figure(COLOURS[0]), SMALL)

    assert [path.stat().st_mode & 0o777 for path in files(data)] == [0o600]


def test_order_of_a_figures_keys_does_not_matter(drawn: list[object]) -> None:
    made = figure(COLOURS[0])
    turned = {"layout": dict(reversed(made["layout"].items())), "data": [dict(reversed(made["data"][0].items()))]}

    assert cached_png(turned, SMALL).etag == cached_png(made, SMALL).etag
    assert len(drawn) == 1


def test_everything_that_changes_the_pixels_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def key() -> str:
        return png_cache._key(figure(COLOURS[0]), SMALL)

    keys = [
        key(),
        png_cache._key(figure(COLOURS[1]), SMALL),
        *(
            png_cache._key(figure(COLOURS[0]), picture)
            for picture in (
                replace(SMALL, width=640),
                replace(SMALL, height=360),
                replace(SMALL, scale=2.0),
                replace(SMALL, background="transparent"),
            )
        ),
    ]
    for name, value in {
        "plotly_file": Path("plotly-basic-9.9.9.min.js"),
        "_browser_identity": "another build",
        "_fonts": "other fonts",
    }.items():
        with monkeypatch.context() as changed:
            changed.setattr(png_cache, name, lambda value=value: value)
            keys.append(key())

    assert len(set(keys)) == 9
    assert key() == keys[0]


@pytest.mark.parametrize("damage", ["removed", "empty", "cut", "cut in its first bytes", "zeros inside", "something else", "a directory"])
def test_damaged_file_is_drawn_again(data: Path, drawn: list[object], damage: str) -> None:
    whole = cached_png(figure(COLOURS[0]), SMALL)
    (path,) = files(data)
    content = path.read_bytes()
    match damage:
        case "removed":
            path.unlink()
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(content[:-20])
        case "cut in its first bytes":
            path.write_bytes(content[:13])
        case "zeros inside":
            path.write_bytes(content[:100] + bytes(50) + content[150:])
        case "something else":
            path.write_bytes(b"GIF89a")
        case "a directory":
            path.unlink()
            path.mkdir()

    assert cached_png(figure(COLOURS[0]), SMALL) == whole
    assert len(drawn) == 2
    if damage != "a directory":
        assert path.read_bytes() == content


def test_disk_that_cannot_be_written_costs_no_picture(data: Path, caplog: pytest.LogCaptureFixture) -> None:
    (data / "png").write_text("in the way")

    assert middle(cached_png(figure(COLOURS[0]), SMALL).content) == opaque(COLOURS[0])
    assert "is not kept" in caplog.text


def test_least_recently_used_pictures_go_first(data: Path, monkeypatch: pytest.MonkeyPatch, drawn: list[object]) -> None:
    kept = [cached_png(figure(colour), SMALL) for colour in COLOURS[:3]]
    size = max(len(png.content) for png in kept)
    for age, png in enumerate(reversed(kept), start=1):
        os.utime(data / "png" / png.etag[:2] / f"{png.etag[2:]}.png", (age * 1_000, age * 1_000))
    cached_png(figure(COLOURS[2]), SMALL)  # the oldest by date is used again
    monkeypatch.setattr(png_cache, "MOST_BYTES", 3 * size)

    newest = cached_png(figure(COLOURS[3]), SMALL)

    assert {path.parent.name + path.stem for path in files(data)} == {kept[0].etag, kept[2].etag, newest.etag}
    assert len(drawn) == 4


def test_many_threads_ask_for_few_pictures_and_each_gets_its_own(data: Path) -> None:
    def ask(n: int) -> tuple[int, ...]:
        return middle(cached_png(figure(COLOURS[n % 3]), SMALL).content)

    # As many as render_png lets wait.
    with ThreadPoolExecutor(max(2, settings.SERVER_THREADS // 2)) as pool:
        assert list(pool.map(ask, range(30))) == [opaque(COLOURS[n % 3]) for n in range(30)]

    assert len(files(data)) == 3


def test_missing_browser_keeps_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close_renderer()
    monkeypatch.setattr(settings, "BROWSER_PATH", "/nowhere/chromium")

    with pytest.raises(BrowserMissing):
        cached_png(figure(COLOURS[0]), SMALL)

    assert not (data / "png").exists()
