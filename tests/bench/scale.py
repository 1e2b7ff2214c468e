"""Search among many made-up entries: building, memory, latency; and the rivals on the same rows."""

import gc
from collections.abc import Callable, Mapping, Sequence

from knowledge import evaluation, loading
from knowledge.answering import Calibration
from knowledge.corpus import Document
from knowledge.search import Index
from tests.bench import made_up
from tests.bench.figures import Table, against, number, time_calls, time_once
from tests.bench.machine import memory
from tests.bench.made_up import Asked
from tests.bench.rivals import BM25, Finder, Ours, RapidFuzz
from tests.bench.shipped import QUESTIONS

GENERATED = 400  # questions of each style
RIVAL_WORK = 3_600_000  # phrasings × questions a rival is given, so that it ends


def measure(count: int, most_ms: float) -> list[Table]:
    """Return the figures for `count` made-up entries, in a process of its own."""
    library = loading.load()
    weights = Calibration.load().weights
    rows = made_up.entries(library, count)
    gc.collect()
    before, _ = memory()
    index, build_s = time_once(lambda: Index(rows, library.lexicon, weights=weights))
    _, peak = memory()
    gc.collect()
    grown = memory()[0] - before
    said = [turn.say for turns in evaluation.load([QUESTIONS / "dev.jsonl"]) for turn in turns]
    groups = {"dev.jsonl": [Asked(say, "") for say in said], **made_up.questions(rows, GENERATED)}
    speed = Table(
        f"Searching {count:,} made-up entries (ms)",
        f"{len(rows):,} phrasings, {sum(len(row.text.split()) for row in rows) / len(rows):.1f} syllables each, "
        f"no learned weights. Built in {build_s:.1f} s; memory grew by {grown:.0f} MB (peak {peak - before:.0f} MB). "
        "Each made-up entry names a place of its own, so it is easily found: the last column only shows none is lost.",
        ("questions", "calls", "p50", "p95", "p99", "p99, own CPU", "slowest", "found first"),
        tuple(_row(name, index, asked, most_ms) for name, asked in groups.items()),
    )
    return [speed, _rivals(rows, index, groups)]


def _rivals(rows: Sequence[Document], index: Index, groups: Mapping[str, Sequence[Asked]]) -> Table:
    most = max(1, RIVAL_WORK // len(rows) // len(groups))
    sample = [asked.say for group in groups.values() for asked in group[:: len(group) // most][:most]]
    made: list[tuple[Callable[[], Finder], str]] = [
        (lambda: Ours(index), Ours.name),
        (lambda: RapidFuzz(rows), RapidFuzz.name),
        (lambda: BM25(rows), BM25.name),
    ]
    return Table(
        f"Beside the usual ways, {len(rows) // made_up.PHRASINGS:,} made-up entries (ms)",
        f"The same {len(sample)} questions for each, a quarter from each row above; building includes folding.",
        ("finder", "built, s", "calls", "p50", "p99", "slowest"),
        tuple(_rival(make, name, sample) for make, name in made),
    )


def _rival(make: Callable[[], Finder], name: str, sample: Sequence[str]) -> tuple[str, ...]:
    finder, build_s = time_once(make)
    finder.first(sample[0])
    spread = time_calls(finder.first, sample)
    built = "above" if name == Ours.name else number(build_s)
    return (name, built, str(spread.calls), number(spread.p50), number(spread.p99), number(spread.most))


def _row(name: str, index: Index, asked: Sequence[Asked], most_ms: float) -> tuple[str, ...]:
    said = [a.say for a in asked]
    firsts = [index.search(say).hits[:1] for say in said]
    spread = time_calls(index.search, said)
    found = sum(bool(hits) and hits[0].owner == a.owner for hits, a in zip(firsts, asked, strict=True))
    share = f"{found / len(asked):.0%}" if asked[0].owner else "-"
    figures = (number(spread.p50), number(spread.p95), against(spread.p99, most_ms))
    return (name, str(spread.calls), *figures, number(spread.cpu99), number(spread.most), share)
