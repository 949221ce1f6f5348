"""Pictures from a real browser: the right one for every caller, whatever happens to the browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from advisor.exports import browser
from advisor.exports.picture import BrowserBroken, BrowserMissing, Picture, RendererBusy, RenderFailed, RenderTimeout
from advisor.exports.png import close_renderer, figure_json, render_png
from advisor.exports.renderer import Options, Renderer
from tests.exports.pictures import (
    COLOURS,
    PATIENCE,
    SMALL,
    as_json,
    figure,
    frozen,
    helpers_of,
    in_thread,
    middle,
    need_browser,
    opaque,
    opened,
    renderer,
    wait_until,
)

pytestmark = pytest.mark.xdist_group("pictures")


@pytest.fixture(scope="module")
def shared() -> Iterator[Renderer]:
    """A renderer for the tests that leave its browser in peace."""
    with renderer() as made:
        yield made


# --- The picture ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picture", "pixels"),
    [
        (Picture(), (3840, 2160)),
        (Picture(width=1920, height=1080, scale=1), (1920, 1080)),
        (Picture(width=1001, height=563, scale=3), (3003, 1689)),
        (Picture(width=802, height=454, scale=1.5), (1203, 681)),
        (Picture(width=320, height=180, scale=1.25, background="transparent"), (400, 225)),
    ],
)
def test_picture_has_exactly_the_pixels_asked_for(shared: Renderer, picture: Picture, pixels: tuple[int, int]) -> None:
    png = shared.render(as_json(COLOURS[0], picture=picture), picture)

    image = opened(png)
    assert (image.format, image.size, picture.pixels) == ("PNG", pixels, pixels)


def test_white_picture_is_white_and_opaque_around_the_plot(shared: Renderer) -> None:
    image = opened(shared.render(as_json(COLOURS[0]), SMALL)).convert("RGBA")

    assert image.getpixel((3, 3)) == (255, 255, 255, 255)
    assert image.getpixel((160, 100)) == opaque(COLOURS[0])
    assert image.getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize("grounds", [{}, {"paper_bgcolor": "#fafafa", "plot_bgcolor": "#fafafa"}])
def test_transparent_picture_is_transparent_where_nothing_is_drawn(shared: Renderer, grounds: dict[str, str]) -> None:
    picture = replace(SMALL, background="transparent")
    marked = figure(COLOURS[0])
    del marked["layout"]["plot_bgcolor"]
    marked["layout"] |= grounds
    marked["data"][0] |= {"x": [0, 1, 2], "y": [0, 1, 2], "marker": {"color": f"rgb{COLOURS[2]}", "size": 240}}

    image = opened(shared.render(figure_json(marked, picture).decode(), picture)).convert("RGBA")

    assert image.getpixel((3, 3)) == (0, 0, 0, 0)
    assert image.getpixel((20, 60)) == (0, 0, 0, 0)
    assert image.getpixel((160, 110)) == opaque(COLOURS[2])


def test_transparent_picture_keeps_a_plot_that_is_coloured_as_a_zone(shared: Renderer) -> None:
    picture = replace(SMALL, background="transparent")
    png = shared.render(as_json(COLOURS[0], picture=picture), picture)

    assert opened(png).convert("RGBA").getpixel((3, 3)) == (0, 0, 0, 0)
    assert middle(png) == opaque(COLOURS[0])


def test_figures_that_are_equal_give_equal_files(shared: Renderer) -> None:
    assert shared.render(as_json(COLOURS[1]), SMALL) == shared.render(as_json(COLOURS[1]), SMALL)


def test_figure_that_plotly_refuses_is_said_so_and_the_next_is_drawn(shared: Renderer) -> None:
    with pytest.raises(RenderFailed) as failed:
        shared.render('{"data": [null], "layout": 7', SMALL)

    assert failed.value.sentence == "This chart could not be drawn as a picture."
    assert middle(shared.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])


def test_figure_that_is_no_json_is_refused() -> None:
    with pytest.raises(RenderFailed):
        figure_json({"data": [object()], "layout": {}}, SMALL)


# --- Many callers --------------------------------------------------------------------------------


def test_each_of_many_callers_gets_its_own_picture(shared: Renderer) -> None:
    def export(caller: int) -> list[tuple[int, ...]]:
        return [middle(shared.render(as_json((colour[0], colour[1], caller)), SMALL)) for colour in COLOURS]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(export, range(8)))

    assert answers == [[(red, green, caller, 255) for red, green, _ in COLOURS] for caller in range(8)]
    assert shared.waiting == 0


def test_equal_pictures_asked_for_together_are_drawn_once(shared: Renderer) -> None:
    shared.render(as_json(COLOURS[0]), SMALL)
    with frozen(shared):
        first, second = (in_thread(lambda: shared.render(as_json(COLOURS[3], "equal"), SMALL)) for _ in range(2))
        other = in_thread(lambda: shared.render(as_json(COLOURS[4], "equal"), SMALL))
        wait_until(lambda: shared.waiting == 3, "three calls wait")

    assert first.result(PATIENCE) is second.result(PATIENCE)
    assert middle(first.result()) == opaque(COLOURS[3])
    assert middle(other.result(PATIENCE)) == opaque(COLOURS[4])


def test_full_queue_refuses_at_once_and_serves_those_in_it() -> None:
    with renderer(callers=2) as made:
        made.render(as_json(COLOURS[0]), SMALL)
        with frozen(made):
            queued = [in_thread(lambda colour=colour: made.render(as_json(colour), SMALL)) for colour in COLOURS[:2]]  # type: ignore[misc]
            wait_until(lambda: made.waiting == 2, "two calls wait")
            with pytest.raises(RendererBusy):
                made.render(as_json(COLOURS[2]), SMALL)

        assert [middle(answer.result(PATIENCE)) for answer in queued] == [opaque(colour) for colour in COLOURS[:2]]
        assert middle(made.render(as_json(COLOURS[2]), SMALL)) == opaque(COLOURS[2])


# --- What happens to browsers --------------------------------------------------------------------


def test_call_that_takes_too_long_is_told_so_and_a_frozen_browser_is_replaced() -> None:
    with renderer() as made:
        made.render(as_json(COLOURS[0]), SMALL)
        token = made.browser_token
        assert token is not None
        made.options = replace(made.options, seconds=0.5)
        with frozen(made):
            with pytest.raises(RenderTimeout) as timeout:
                made.render(as_json(COLOURS[1]), SMALL)
            made.options = replace(made.options, seconds=PATIENCE)

            assert middle(made.render(as_json(COLOURS[2]), SMALL)) == opaque(COLOURS[2])

        assert timeout.value.sentence.startswith("The picture was not ready after 0.5 seconds.")
        assert made.browser_token != token
        wait_until(lambda: browser.marked_processes(token) == [], "the frozen browser is gone")


def test_impatient_callers_leave_a_healthy_browser_in_peace() -> None:
    with renderer() as made:
        made.render(as_json(COLOURS[0]), SMALL)
        token = made.browser_token
        made.options = replace(made.options, seconds=0.02)
        for _ in range(3):
            with pytest.raises(RenderTimeout):
                made.render(as_json(COLOURS[1]), Picture())
        made.options = replace(made.options, seconds=PATIENCE)

        assert middle(made.render(as_json(COLOURS[2]), SMALL)) == opaque(COLOURS[2])
        assert made.browser_token == token


def test_caller_who_joined_an_impatient_one_keeps_its_own_patience() -> None:
    with renderer() as made:
        made.render(as_json(COLOURS[0]), SMALL)
        with frozen(made):
            made.options = replace(made.options, seconds=0.5)
            impatient = in_thread(lambda: made.render(as_json(COLOURS[1]), SMALL))
            wait_until(lambda: made.waiting == 1, "the first call waits")
            made.options = replace(made.options, seconds=PATIENCE)

            assert middle(made.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])
            assert isinstance(impatient.exception(PATIENCE), RenderTimeout)


def test_picture_that_takes_for_ever_does_not_block_the_next() -> None:
    endless = figure(COLOURS[0])
    many = list(range(50_000))
    endless["data"][0] |= {"x": many, "y": many, "mode": "markers+text", "text": [f"Mark {n}" for n in many]}
    with renderer(pages=1) as made:
        made.render(as_json(COLOURS[0]), SMALL)
        made.options = replace(made.options, seconds=0.5)
        with pytest.raises(RenderTimeout):
            made.render(figure_json(endless, SMALL).decode(), SMALL)
        made.options = replace(made.options, seconds=PATIENCE)

        assert middle(made.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])


def test_browser_killed_while_idle_is_replaced() -> None:
    with renderer() as made:
        made.render(as_json(COLOURS[0]), SMALL)
        token = made.browser_token
        assert token is not None
        browser.kill(token)

        assert middle(made.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])
        assert made.browser_token != token


@pytest.mark.parametrize("role", ["browser", "renderer"])
def test_browser_killed_while_drawing_costs_no_caller_a_picture(role: str) -> None:
    with renderer() as made:
        made.render(as_json(COLOURS[0]), SMALL)
        token = made.browser_token
        assert token is not None
        with frozen(made):
            answers = [in_thread(lambda n=n: middle(made.render(as_json((n, 90, 160)), SMALL))) for n in range(8)]  # type: ignore[misc]
            wait_until(lambda: made.waiting == 8, "eight calls wait")
            if role == "browser":
                browser.kill(token)
            else:
                for pid, kind in helpers_of(token).items():
                    if kind == "renderer":
                        os.kill(pid, signal.SIGKILL)

        assert [answer.result(PATIENCE) for answer in answers] == [(n, 90, 160, 255) for n in range(8)]
        wait_until(lambda: browser.marked_processes(token) == [], "the killed browser is gone")


def test_browser_is_replaced_after_its_share_of_pictures_when_idle() -> None:
    with renderer(recycle_idle=3, recycle_at=100) as made:
        made.render(as_json(COLOURS[0]), SMALL)
        token = made.browser_token
        assert token is not None
        for colour in COLOURS[1:3]:
            assert middle(made.render(as_json(colour), SMALL)) == opaque(colour)

        wait_until(lambda: made.browser_token not in {None, token}, "another browser runs")
        wait_until(lambda: browser.marked_processes(token) == [], "the first browser is gone")


def test_browser_is_replaced_under_constant_load_too() -> None:
    with renderer(recycle_idle=1_000, recycle_at=4) as made:
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n: middle(made.render(as_json((n, 10, 200)), SMALL)), range(8)))

        assert answers == [(n, 10, 200, 255) for n in range(8)]


# --- No browser, and no browser left -------------------------------------------------------------


def test_missing_browser_is_said_with_how_to_install_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "BROWSER_PATH", "")
    monkeypatch.setenv("PATH", str(tmp_path))
    made = Renderer(Options(callers=1))

    with pytest.raises(BrowserMissing) as missing:
        made.render(as_json(COLOURS[0]), SMALL)
    made.close()

    assert missing.value.sentence == (
        "PNG export is not available on this server: no Chromium was found among its programs. "
        "To install one: apt install chromium-headless-shell fonts-liberation, or set GTM_BROWSER_PATH to a Chromium or Chrome. "
        "Download PNG on the chart's page works without it."
    )


def test_browser_setting_that_names_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BROWSER_PATH", "/nowhere/chromium")

    assert browser.find_browser() is None
    assert "GTM_BROWSER_PATH names /nowhere/chromium, which is no program." in browser.why_no_browser()


def test_browser_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BROWSER_PATH", "/bin/false")
    made = Renderer(Options(callers=1, seconds=PATIENCE))

    with pytest.raises(BrowserBroken) as broken:
        made.render(as_json(COLOURS[0]), SMALL)
    made.close()

    assert broken.value.sentence == "PNG export is not available on this server: its browser (/bin/false) does not start."


def test_sandbox_is_off_for_root_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--no-sandbox" in browser.launch_arguments()

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in browser.launch_arguments()


def test_browser_gets_none_of_the_servers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GTM_SECRET_KEY", "do not tell")

    assert "do not tell" not in browser.environment().values()


def test_closed_renderer_leaves_no_process_and_starts_again_when_asked() -> None:
    with renderer() as made:
        made.render(as_json(COLOURS[0]), SMALL)
        token = made.browser_token
        assert token is not None
        assert helpers_of(token) != {}
        made.close()
        assert helpers_of(token) == {}

        assert middle(made.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])


def test_render_png_draws_with_the_browser_of_this_process() -> None:
    need_browser()
    try:
        assert middle(render_png(figure(COLOURS[2]), SMALL)) == opaque(COLOURS[2])
    finally:
        close_renderer()


def run_python(code: str, data: Path) -> subprocess.Popen[str]:
    """A process of its own with Django set up, `draw(colour)` and `token()`."""
    start = """
        import os, sys, time, django
        django.setup()
        from advisor.exports import png
        from tests.exports.pictures import SMALL, figure, middle
        draw = lambda red: middle(png.render_png(figure((red, 90, 160)), SMALL))
        token = lambda: png.process_renderer().browser_token
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(start) + textwrap.dedent(code)],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "gtmdesign.settings", "GTM_DATA_DIR": str(data)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("end", ["by itself", signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_process_that_ends_leaves_no_browser(end: str | signal.Signals, tmp_path: Path) -> None:
    need_browser()
    code = "print(draw(7), token(), flush=True)" + ("" if end == "by itself" else "; time.sleep(600)")
    with run_python(code, tmp_path) as process:
        assert process.stdout is not None
        drawn, token = process.stdout.readline().rstrip().rsplit(" ", 1)
        if isinstance(end, signal.Signals):
            process.send_signal(end)
        process.wait(PATIENCE)

    assert drawn == "(7, 90, 160, 255)"
    wait_until(lambda: browser.marked_processes(token) == [], "the browser has ended with its process")


def test_forked_process_draws_with_a_browser_of_its_own(tmp_path: Path) -> None:
    need_browser()
    code = """
        print(draw(1))
        parents = token()
        sys.stdout.flush()
        if child := os.fork():
            os.waitpid(child, 0)
            print(draw(3), token() == parents)
        else:
            print(draw(2), token() != parents)
    """
    with run_python(code, tmp_path) as process:
        output, _ = process.communicate(timeout=PATIENCE)

    assert output.splitlines() == ["(1, 90, 160, 255)", "(2, 90, 160, 255) True", "(3, 90, 160, 255) True"]


def test_module_does_not_import_playwright_until_it_draws(tmp_path: Path) -> None:
    with run_python("import advisor.exports.png_cache; print('playwright' in sys.modules)", tmp_path) as process:
        output, _ = process.communicate(timeout=PATIENCE)

    assert output == "False\n"
