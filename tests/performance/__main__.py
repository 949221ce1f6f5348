"""`make bench`: every figure of the product with its goal, measured on this machine, as one table."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from urllib.request import urlopen

import django
from django.core.management import call_command

from tests.browser import find_browser
from tests.performance.table import Figure, how_busy, machine

ROOT = Path(__file__).parents[2]
STARTS = 5


def figures() -> Iterator[Figure]:
    # They need Django to be set up, which `main` does.
    from tests.performance import bench_advise, bench_page, bench_png, bench_recompute  # noqa: PLC0415

    bench_advise.rows_a_second()  # warms the caches
    speed = [bench_advise.rows_a_second() for _ in range(bench_advise.ROUNDS)]
    yield Figure("advise() with flip points, on one core", speed, "rows/s", bench_advise.GOAL, is_least=True)

    recompute = bench_recompute.measure()
    yield Figure("recompute with its answer saved: time of the processor", recompute.processor, goal=4, digits=1)
    yield Figure("  by the clock, disk and other programs included", recompute.clock, digits=1)
    yield Figure("  SQL statements, without BEGIN and COMMIT", as_floats(recompute.statements), "", 4)
    yield Figure("  reply", as_floats(recompute.reply), "bytes", 2_048)

    page = bench_page.measure()
    yield Figure("change to words and chart painted", page.painted)
    yield Figure("  the floor page, in turns with it", page.floor)
    yield Figure("  ratio, of the medians of each round", page.ratios, "times", 1.6, digits=2)
    yield Figure("  to the frame in which the mark has moved", page.marked, goal=1000 / 60 + 4)
    yield Figure("  marks that were not there in the next frame", [page.late], "", 0)
    yield Figure("  whole plots drawn by all keys and drags", [page.drawings], "", 0)
    yield Figure(f"drag of {bench_page.DRAG_MOVES} moves: values shown with their advice", page.answers, "", 50, is_least=True)
    yield Figure("  lasted", page.lasted)
    yield Figure("  settled after its last move", page.settled, goal=60)
    yield Figure("  most requests in flight", [page.most_in_flight], "", 1)
    yield Figure("change to its sight in another browser", page.heard, goal=2_000)
    yield Figure("first load: requests", page.requests, "", 7)
    yield Figure("  on the wire", page.kibibytes, "KiB", 380)
    yield Figure("  from the address to the chart", page.loaded)
    yield Figure("  the advice is in the first HTML", [page.has_advice], "of 1", 1, is_least=True)

    picture = bench_png.measure()
    yield Figure("PNG of 3840x2160, the first of a server", in_ms(picture.first), goal=bench_png.GOAL_FIRST * 1000)
    yield Figure("  warm", in_ms(picture.warm), goal=bench_png.GOAL_WARM * 1000)
    yield Figure("  warm, each of two at once", in_ms(picture.together))
    yield Figure("  drawn before", in_ms(picture.cached), goal=bench_png.GOAL_CACHED * 1000, digits=1)

    yield Figure("second `make run` until its link answers", second_starts(), "s", 3, digits=1)


def as_floats(values: list[int]) -> list[float]:
    return [float(value) for value in values]


def in_ms(seconds: list[float]) -> list[float]:
    return [each * 1000 for each in seconds]


def second_starts() -> list[float]:
    """Seconds from `make run` until its link answers, when everything is installed and the data is there."""
    with tempfile.TemporaryDirectory() as data_dir:
        environment = os.environ | {"GTM_DATA_DIR": data_dir}
        seconds = []
        for _ in range(STARTS + 1):
            start = perf_counter()
            process = subprocess.Popen(["make", "run", "PORT=0"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
            assert process.stdout
            link = next(line.strip() for line in process.stdout if "/sign-in/" in line)
            urlopen(link).close()
            seconds.append(perf_counter() - start)
            process.terminate()
            process.wait(10)
    return seconds[1:]


def browser() -> str:
    return subprocess.run([find_browser(), "--version"], capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")
    with tempfile.TemporaryDirectory() as data_dir:
        os.environ["GTM_DATA_DIR"] = data_dir
        django.setup()
        call_command("migrate", verbosity=0)
        print(f"{machine()}, {browser()}\nbefore: {how_busy()}\n")
        print(f"{'':<64}{'p50':>9}{'p95':>9} {'':<8}{'goal':<16}")
        for figure in figures():
            print(figure, flush=True)
        print(f"\nafter: {how_busy()}")


if __name__ == "__main__":
    main()
