"""`make bench`: every figure of the issue with its goal, measured on this machine, as one table."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from urllib.request import urlopen

import django
from django.core.management import call_command

from tests.browser import find_browser

ROOT = Path(__file__).parents[2]


def row(name: str, measured: str, goal: str, *, is_met: bool | None = None) -> str:
    verdict = "" if is_met is None else "yes" if is_met else "MISSED"
    return f"{name:<62}{measured:>26}   {goal:<22}{verdict}"


def p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    browser = subprocess.run([os.environ["GTM_BROWSER_PATH"], "--version"], capture_output=True, text=True, check=True).stdout.strip()
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}, {browser}; load before: {load}"


def second_start() -> float:
    """Seconds from `make run` until its link answers, when everything is installed and the data is there."""
    with tempfile.TemporaryDirectory() as data_dir:
        environment = os.environ | {"GTM_DATA_DIR": data_dir}
        seconds = 0.0
        for _ in range(2):
            start = perf_counter()
            command = ["make", "run", "PORT=0"]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            link = next(line.strip() for line in process.stdout if "/sign-in/" in line)
            urlopen(link).read()
            seconds = perf_counter() - start
            process.terminate()
            process.wait(10)
    return seconds


def rows() -> Iterator[str]:
    # They need Django to be set up, which `main` does.
    from tests.performance import bench_advise, bench_page, bench_png, bench_recompute  # noqa: PLC0415

    bench_advise.rows_a_second()
    speed = median(bench_advise.rows_a_second() for _ in range(bench_advise.ROUNDS))
    yield row("advise() with flip points, one core", f"{speed:,.0f} rows/s", ">= 5,000 rows/s", is_met=speed >= 5_000)

    recompute = bench_recompute.measure()
    middle = median(recompute.milliseconds)
    yield row("recompute with its answer saved, p50", f"{middle:.1f} ms", "<= 4 ms", is_met=middle <= 4)
    yield row("recompute with its answer saved, p95", f"{p95(recompute.milliseconds):.1f} ms", "")
    yield row("  SQL statements, without BEGIN and COMMIT", str(recompute.statements), "<= 4", is_met=recompute.statements <= 4)
    yield row("  bytes of the reply", f"{recompute.reply:,}", "<= 2,048", is_met=recompute.reply <= 2_048)

    page = bench_page.measure()
    yield row("change to words and chart painted, p50", f"{median(page.painted):.0f} ms", "")
    yield row("  p95", f"{p95(page.painted):.0f} ms", "")
    yield row("  the floor page, same run, p50", f"{median(page.floor_painted):.0f} ms", "")
    yield row("  ratio", f"{page.ratio:.2f}", "<= 1.6", is_met=page.ratio <= 1.6)
    yield row("the mark has moved: frame after the event, p50", f"{median(page.marked):.0f} ms", "next frame")
    yield row("whole plots redrawn meanwhile", str(page.plot_redraws), "0", is_met=page.plot_redraws == 0)
    answers, settled = median(page.answers), median(page.settled)
    yield row(
        f"drag of {bench_page.DRAG_MOVES} moves: answers shown, median of {bench_page.DRAGS}",
        f"{answers:.0f}",
        ">= 50",
        is_met=answers >= 50,
    )
    yield row("  settled after the last move", f"{settled:.0f} ms", "<= 60 ms", is_met=settled <= 60)
    yield row("  most requests in flight", str(page.most_in_flight), "1", is_met=page.most_in_flight == 1)
    yield row("first load: requests", str(page.requests), "<= 7", is_met=page.requests <= 7)
    yield row("  on the wire", f"{page.kibibytes:.0f} KiB", "<= 380 KiB", is_met=page.kibibytes <= 380)
    yield row(
        "  the advice is in the first HTML", "yes" if page.has_advice_in_first_html else "no", "yes", is_met=page.has_advice_in_first_html
    )

    yield from bench_png.measure()
    start = second_start()
    yield row("second `make run` until its link answers", f"{start:.1f} s", "< 3 s", is_met=start < 3)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")
    os.environ["GTM_BROWSER_PATH"] = find_browser()
    with tempfile.TemporaryDirectory() as data_dir:
        os.environ["GTM_DATA_DIR"] = data_dir
        django.setup()
        call_command("migrate", verbosity=0)
        print(machine())
        print(row("", "measured", "goal"))
        for line in rows():
            print(line, flush=True)


if __name__ == "__main__":
    main()
