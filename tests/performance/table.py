"""A figure with its goal, as a line of a table, and the machine that it was measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        name: What was measured.
        values: Each time that it was.
        unit: Of the values and the goal.
        goal: What the middle value must not exceed; None: told for comparison.
        is_least: Whether the goal is one to reach instead.
        digits: Behind the point.
        judged: The percentile that the goal is for; 100: the worst value.
    """

    name: str
    values: list[float]
    unit: str = "ms"
    goal: float | None = None
    is_least: bool = False
    digits: int = 0
    judged: int = 50

    @property
    def middle(self) -> float:
        return median(self.values)

    @property
    def bad(self) -> float:
        """What one in twenty is worse than."""
        return self.worse_than(5 if self.is_least else 95)

    def worse_than(self, percent: int) -> float:
        """The value that so many of a hundred do not exceed."""
        if percent == 50:
            return self.middle
        if percent == 100:
            return max(self.values)
        return quantiles(self.values, n=100, method="inclusive")[percent - 1] if len(self.values) > 1 else self.values[0]

    @property
    def is_reached(self) -> bool:
        if self.goal is None:
            return True
        value = self.worse_than(self.judged)
        return value >= self.goal if self.is_least else value <= self.goal

    @property
    def verdict(self) -> str:
        """The goal and whether it was reached."""
        if self.goal is None:
            return ""
        wish = f"{'>=' if self.is_least else '<='} {self.goal:,g} {self.unit}"
        return f"{wish:<16}{'reached' if self.is_reached else 'MISSED'}"

    def __str__(self) -> str:
        p50, p95 = (f"{value:,.{self.digits}f}" for value in (self.middle, self.bad))
        return f"{self.name:<64}{p50:>9}{p95:>9} {self.unit:<8}{self.verdict}"


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?")
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}"


def how_busy() -> str:
    """What of the processor other programs leave to one that asks for all of a core."""
    clock, processor = perf_counter(), process_time()
    while process_time() - processor < 0.3:
        pass
    share = 0.3 / (perf_counter() - clock)
    return f"load {os.getloadavg()[0]:.1f}; a busy loop gets {share:.0%} of a core"
