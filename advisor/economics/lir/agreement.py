"""How well an indicator tells who renews: the table of four cells, and what is read from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Table(NamedTuple):
    """The four cells. Numbers of customers, or arrays of them for many candidates.

    Attributes:
        hit_renewed: Reached the indicator and renewed.
        hit_left: Reached it and left.
        missed_renewed: Did not reach it and renewed.
        missed_left: Did not reach it and left.
    """

    hit_renewed: Floats
    hit_left: Floats
    missed_renewed: Floats
    missed_left: Floats

    @property
    def customers(self) -> Floats:
        return self.hit_renewed + self.hit_left + self.missed_renewed + self.missed_left

    @property
    def reach(self) -> Floats:
        """Share of customers that reach it."""
        return _share(self.hit_renewed + self.hit_left, self.customers)

    @property
    def base(self) -> Floats:
        """Share of all customers that renew."""
        return _share(self.hit_renewed + self.missed_renewed, self.customers)

    @property
    def ppv(self) -> Floats:
        """Share of those who reach it that renew."""
        return _share(self.hit_renewed, self.hit_renewed + self.hit_left)

    @property
    def missed_rate(self) -> Floats:
        """Share of those who do not reach it that renew all the same (1 - NPV)."""
        return _share(self.missed_renewed, self.missed_renewed + self.missed_left)

    @property
    def sensitivity(self) -> Floats:
        """Share of those who renew that had reached it."""
        return _share(self.hit_renewed, self.hit_renewed + self.missed_renewed)

    @property
    def lift(self) -> Floats:
        """How much more often than all customers those who reach it renew."""
        return _share(self.ppv, self.base)

    @property
    def overlap(self) -> Floats:
        """Of those who reach it or renew, the share that do both (Jaccard)."""
        return _share(self.hit_renewed, self.customers - self.missed_left)

    @property
    def phi(self) -> Floats:
        """Correlation of reaching it with renewing, -1 to 1 (Matthews). 0 where either does not vary."""
        hit, missed = self.hit_renewed + self.hit_left, self.missed_renewed + self.missed_left
        renewed, left = self.hit_renewed + self.missed_renewed, self.hit_left + self.missed_left
        product = self.hit_renewed * self.missed_left - self.hit_left * self.missed_renewed
        varies = np.asarray(hit * missed * renewed * left, dtype=np.float64)
        return np.where(varies > 0, product / np.sqrt(np.where(varies > 0, varies, 1.0)), 0.0)


def _share(part: Floats, whole: Floats) -> Floats:
    whole = np.asarray(whole, dtype=np.float64)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def table_of(hit: NDArray[np.bool_], renewed: NDArray[np.bool_]) -> Table:
    """The cells of one indicator."""
    both = float((hit & renewed).sum())
    hits, renewals = float(hit.sum()), float(renewed.sum())
    return tables_of(np.array(both), np.array(hits), np.array(renewals), np.array(float(len(hit))))


def tables_of(both: Floats, hits: Floats, renewals: Floats, customers: Floats) -> Table:
    """The cells from their margins: reached and renewed, reached, renewed, all."""
    return Table(both, hits - both, renewals - both, customers - hits - renewals + both)


BANDS: tuple[tuple[float, str], ...] = ((0.4, "strong"), (0.3, "moderate"), (0.2, "slight"))  # of |phi|: Amplitude, Compass


def band(phi: float) -> str:
    """What people call a correlation of this size."""
    return next((word for least, word in BANDS if abs(phi) >= least), "hardly any")
