"""Timing calls, and figures as tables that read alike on a terminal and in Markdown."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """How long calls took, in milliseconds; `cpu99` counts only this thread's own work, not its waiting for a core."""

    calls: int
    p50: float
    p95: float
    p99: float
    most: float
    cpu99: float = math.nan

    @classmethod
    def of(cls, wall: Sequence[float], cpu: Sequence[float] = ()) -> "Spread":
        return cls(
            len(wall),
            percentile(wall, 50),
            percentile(wall, 95),
            percentile(wall, 99),
            percentile(wall, 100),
            percentile(cpu, 99),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one kind; `note` says how they came about."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        rule = tuple("-" * width for width in widths)
        return f"## {self.title}\n\n{self.note}\n\n" + "\n".join(
            f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
            for row in (self.head, rule, *self.rows)
        )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` per cent of the values do not exceed; nan when there are none."""
    if not values:
        return math.nan
    ranked = sorted(values)
    return ranked[max(0, math.ceil(len(ranked) * share / 100) - 1)]


def time_calls(call: Callable[[T], object], given: Iterable[T]) -> Spread:
    """Return how long `call` takes on each of the given; nothing is warmed up."""
    wall, cpu = [], []
    for argument in given:
        start, worked = time.perf_counter(), time.thread_time()
        call(argument)
        cpu.append(1000 * (time.thread_time() - worked))
        wall.append(1000 * (time.perf_counter() - start))
    return Spread.of(wall, cpu)


def time_once(call: Callable[[], T]) -> tuple[T, float]:
    """Return what `call` returns, and the seconds it took."""
    start = time.perf_counter()
    result = call()
    return result, time.perf_counter() - start


def number(value: float) -> str:
    """Return a figure with three significant digits; "-" when there is none."""
    if math.isnan(value):
        return "-"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def against(value: float, most: float | None) -> str:
    """Return a figure beside its target, and whether it is met; no target, no verdict."""
    if most is None:
        return number(value)
    return f"{number(value)} (≤ {most:g}: {'đạt' if value <= most else 'không đạt'})"


def at_least(value: float, least: float) -> str:
    """Return a figure beside the least it should be, and whether it is met."""
    return f"{number(value)} (≥ {least:g}: {'đạt' if value >= least else 'không đạt'})"
