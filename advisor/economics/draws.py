"""Draws of uncertain inputs: seeded, correlated, and the same for every team and every scenario, so that what is compared is paired.

An input's draws depend on the seed and its own name alone: one more input changes no other. Uniform numbers come from PCG64, which is the
same on every machine; what is made of them can differ in the last bit, far below what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from zlib import crc32

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri  # not scipy.stats: that costs a server 100 MiB

from advisor.economics.assumptions import Range
from advisor.economics.unit_economics import Numbers

DRAWS = 10_000
SEED = 1
PERT_WEIGHT = 4.0  # how much the typical value weighs against either end: the usual PERT

# Sellers of larger contracts are paid more, carry more, keep more customers and wait longer for their money: these move together.
TOGETHER: frozenset[str] = frozenset({"ote_ae", "quota_ae", "grr", "cac_payback_months"})
CORRELATION = 0.6  # ours: of each pair of them
COMMON = "what moves together"


KEPT_FREE = 4 * 2**20  # bytes


def _keep_freed_memory() -> None:
    """Let arrays of draws be made in memory that others were just freed from.

    The C library gives what is free at the end of its heap back to the system from 128 KiB on, so that nearly every array of 80 KB is made
    of pages that the system has to fetch anew: half of the time of all numbers. glibc keeps twice as much as the largest block that was
    freed so far; freeing one is all it takes, and nowhere else does it any harm.
    """
    np.empty(KEPT_FREE, dtype=np.int8)


_keep_freed_memory()


@lru_cache(maxsize=256)
def uniforms(name: str) -> Numbers:
    """`DRAWS` numbers between 0 and 1, one in each of as many equal parts, in an order that belongs to this name."""
    if name in TOGETHER:
        common, own = ndtri(_uniforms(COMMON)), ndtri(_uniforms(name))
        drawn = ndtr(np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own)
    else:
        drawn = _uniforms(name)
    drawn.flags.writeable = False
    return drawn  # type: ignore[no-any-return]


def _uniforms(name: str) -> Numbers:
    order = np.random.Generator(np.random.PCG64([SEED, crc32(name.encode())]))
    return (order.permutation(DRAWS) + order.random(DRAWS)) / DRAWS


@lru_cache(maxsize=2_048)
def draws(name: str, given: Range) -> Numbers:
    """`DRAWS` values of an input within its range, by a PERT distribution (Malcolm and others, 1959). Read-only.

    An input that is known is one number, which every array meets. Kept, since a slider moves one input and leaves the others.
    """
    drawn = np.float64(given.typical) if given.is_exact else quantiles(given, uniforms(name))
    drawn = np.asarray(drawn)
    drawn.flags.writeable = False
    return drawn


GRID = np.concatenate(([0.0], np.geomspace(1e-6, 0.02, 60), np.linspace(0.02, 0.98, 193)[1:-1], 1 - np.geomspace(0.02, 1e-6, 60), [1.0]))
MODES = 1_000  # a typical value is placed to a thousandth of its range, so that few curves serve every range


@lru_cache(maxsize=MODES + 1)
def _curve(mode: int) -> Numbers:
    """Quantiles of the PERT distribution between 0 and 1 at `GRID`, with its mode at so many of `MODES`."""
    return _pert(mode / MODES, GRID)


def _pert(mode: float, at: Numbers) -> Numbers:
    return betaincinv(1 + PERT_WEIGHT * mode, 1 + PERT_WEIGHT * (1 - mode), at)  # type: ignore[no-any-return]


def quantiles(given: Range, at: Numbers) -> Numbers:
    """Values below which the shares `at` (0 to 1) of a PERT distribution lie; between the points of a grid in a straight line."""
    return given.low + (given.high - given.low) * np.interp(at, GRID, _curve(_mode(given)))


def _mode(given: Range) -> int:
    """Where its typical value is in a range, in `MODES`."""
    return round((given.typical - given.low) / (given.high - given.low) * MODES)


def draw(inputs: Mapping[str, Range]) -> dict[str, Numbers]:
    """`DRAWS` values of each input by name."""
    return {name: draws(name, given) for name, given in inputs.items()}


def draw_part(inputs: Mapping[str, Range], first: int, every: int) -> dict[str, Numbers]:
    """Of the `DRAWS` values of each input that with the number `first`, and each one so `every` many further on. None are kept."""
    return {
        name: np.asarray(np.float64(given.typical) if given.is_exact else quantiles(given, uniforms(name)[first::every]))
        for name, given in inputs.items()
    }


@lru_cache(maxsize=256)
def few_uniforms(name: str, number: int) -> Numbers:
    """So many numbers between 0 and 1, the middles of as many equal parts, in the order of the first `uniforms` of this name. Read-only.

    Some of the `uniforms` as they are would lie off in one direction, for whatever reads them.
    """
    drawn = np.asarray((uniforms(name)[:number].argsort().argsort() + 0.5) / number)
    drawn.flags.writeable = False
    return drawn


def few_draws(name: str, given: Range, number: int) -> Numbers | float:
    """So many values of an input at `few_uniforms`, for thousands of segments that have most of their assumptions in common."""
    return given.typical if given.is_exact else given.low + (given.high - given.low) * _few(name, _mode(given), number)


@lru_cache(maxsize=4_096)  # of 250 draws: 8 MB
def _few(name: str, mode: int, number: int) -> Numbers:
    """Draws of an input between 0 and 1. Read-only."""
    drawn = np.interp(few_uniforms(name, number), GRID, _curve(mode))
    drawn.flags.writeable = False
    return drawn
