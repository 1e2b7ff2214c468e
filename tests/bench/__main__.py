"""`make bench`: speed and memory, measured and printed; `--write` also writes docs/benchmarks.md from the same run.

    python -m tests.bench [--write] [PART …]; the parts are those of PARTS below

`telegram` sends 10,000 messages three times, twice at Telegram's pace: about thirteen minutes.

Nothing is asserted: a figure stands beside its target with đạt (met) or không đạt (missed).
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.bench import broadcast, cases, filing, machine, program, scale, shipped, telegram, webhooks
from tests.bench.figures import Table

PAGE = machine.ROOT / "docs" / "benchmarks.md"
PARTS: dict[str, Callable[[], list[Table]]] = {
    "shipped": shipped.measure,
    "program": program.measure,
    "cases": cases.measure,
    "filing": filing.measure,
    "zalo": webhooks.measure,
    "10k": partial(scale.measure, 10_000, 10.0),
    "100k": partial(scale.measure, 100_000, 25.0),
    "ledger": broadcast.ledger,
    "telegram": telegram.measure,
    "crashes": broadcast.crashes,
}
HEAD = """\
# Speed and memory

Written by `.venv/bin/python -m tests.bench --write`; do not edit. One run on one machine, its load included: read
small differences as noise. A figure with a target says đạt (met) or không đạt (missed). p99 counts every call, pauses
of the machine too; "own CPU" counts only the work of the call itself.
Made-up entries are described in tests/bench/made_up.py.
"""


def main() -> None:
    """Measure the parts asked for, each in a process of its own so that none inherits another's memory."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition("\n")[0])
    asked.add_argument("--write", action="store_true", help="write docs/benchmarks.md; needs all parts")
    asked.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; default all")
    given = asked.parse_args()
    parts = given.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        asked.error(f"no such part: {', '.join(sorted(unknown))}")
    if given.write and set(parts) != set(PARTS):
        asked.error("--write needs all parts")
    page = _measured(parts)
    if given.write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")


def _measured(parts: list[str]) -> str:
    """Print each table as soon as it is measured; return them all as one page."""
    start = time.perf_counter()
    about = "\n".join(f"- {name}: {value}" for name, value in machine.describe())
    texts = [HEAD, about]
    print(about, flush=True)
    for part in parts:
        for table in _alone(PARTS[part]):
            texts.append(f"\n{table}")
            print(f"\n{table}", flush=True)
    took = f"\nThe run took {time.perf_counter() - start:.0f} s."
    print(took)
    return "\n".join((*texts, took, ""))


def _alone(measure: Callable[[], list[Table]]) -> list[Table]:
    with ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn")) as apart:
        return apart.submit(measure).result()


if __name__ == "__main__":
    main()
