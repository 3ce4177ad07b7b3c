"""Times of many runs of one work, as the figures that are told: median and 95th percentile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")


@dataclass(frozen=True)
class Times:
    """Milliseconds: median, 95th percentile, and how many runs they come from."""

    p50: float
    p95: float
    runs: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """Return the figures of runs that took these seconds."""
        if not seconds:
            return cls(0.0, 0.0, 0)
        p50, p95 = np.percentile(np.array(seconds) * 1000, [50, 95])
        return cls(round(float(p50), 3), round(float(p95), 3), len(seconds))


def times(work: Callable[[Item], object], items: Iterable[Item], warm: int = 5) -> Times:
    """Return how long `work` takes for each of `items`, after `warm` of them untimed."""
    items = list(items)
    for item in items[:warm]:
        work(item)
    seconds = []
    for item in items:
        begin = time.perf_counter()
        work(item)
        seconds.append(time.perf_counter() - begin)
    return Times.of(seconds)
