"""Search as shipped: how long it takes to start and to answer, and how often it is right beside the rivals."""

import gc
from collections.abc import Sequence
from pathlib import Path

from knowledge import evaluation, loading
from knowledge.answering import Assistant, Context
from knowledge.corpus import documents
from knowledge.evaluation import Labelled
from knowledge.learning import Learned
from knowledge.loading import HOME, Library
from knowledge.search import Index
from tests.bench.figures import Spread, Table, against, number, time_calls, time_once
from tests.bench.rivals import BM25, Finder, Ours, RapidFuzz

QUESTIONS = HOME / "questions"
PASSES = 3
RANKS = (1, 4)
RIVAL_QUESTIONS = 150
MOST_SEARCH_MS, MOST_BUILD_S = 5.0, 2.0


def measure() -> list[Table]:
    """Return the figures of the shipped library."""
    library, loading_s = time_once(loading.load)
    learned, learned_s = time_once(Learned.load)
    rows = documents(library)
    assistant, build_s = time_once(lambda: Assistant(library, learned=learned))
    gc.collect()
    note = (
        f"{len(library.entries)} entries, {len(rows):,} phrasings and lines, learned weights of {len(learned.bias)} "
        f"owners for {len(learned.weights):,} terms."
    )
    start = Table(
        "Starting the search, as shipped",
        note,
        ("what", "seconds"),
        (
            ("knowledge.loading.load", number(loading_s)),
            ("Learned.load", number(learned_s)),
            ("Assistant(library): the index", against(build_s, MOST_BUILD_S)),
        ),
    )
    return [start, _speed(assistant), _beside_rivals(library, assistant.index)]


def _speed(assistant: Assistant) -> Table:
    rows = []
    for path in sorted(QUESTIONS.glob("*.jsonl")):
        turns = _turns(assistant, evaluation.load([path]))
        said = [text for text, _ in turns]
        time_calls(assistant.index.search, said)
        rows.append(_row(path, "Index.search", time_calls(assistant.index.search, said * PASSES)))
        answering = time_calls(lambda turn: assistant.answer(turn[0], context=turn[1]), turns * PASSES)
        rows.append(_row(path, "Assistant.answer", answering))
    return Table(
        "Searching and answering, as shipped (ms)",
        f"Every turn of the file, {PASSES} passes after a first one; `answer` in the context of the conversation.",
        ("questions", "call", "calls", "p50", "p95", "p99", "p99, own CPU", "slowest"),
        tuple(rows),
    )


def _turns(assistant: Assistant, conversations: Sequence[Sequence[Labelled]]) -> list[tuple[str, Context]]:
    """Return what is said with the context it is said in; finding it also warms the assistant up."""
    turns = []
    for conversation in conversations:
        context = Context()
        for asked in conversation:
            turns.append((asked.say, context))
            answer = assistant.answer(asked.say, context=context)
            context = Context(answer.entry, answer.facet) if answer.entry else context
    return turns


def _row(path: Path, call: str, spread: Spread) -> tuple[str, ...]:
    figures = (number(spread.p50), number(spread.p95), against(spread.p99, MOST_SEARCH_MS))
    return (path.name, call, f"{spread.calls:,}", *figures, number(spread.cpu99), number(spread.most))


def _beside_rivals(library: Library, index: Index) -> Table:
    rows = [row for row in documents(library) if row.owner in library.entries and row.is_asked]
    unlearned = Index(documents(library), library.lexicon, weights=index.weights)
    finders: list[tuple[str, Finder]] = [
        ("Index.search, as shipped", Ours(index)),
        ("Index.search without learned weights", Ours(unlearned)),
        (RapidFuzz.name, RapidFuzz(rows)),
        (BM25.name, BM25(rows)),
    ]
    asked = answerable(QUESTIONS / "dev.jsonl")
    return Table(
        "Beside the usual ways, as shipped",
        f"{len(asked)} answerable first questions of dev.jsonl (ours was tuned on it; docs/accuracy.md has the "
        f"questions it never saw). The rivals search the {len(rows):,} phrasings, folded; the lines that entries "
        f"answer are left out for them, they find less with them. Latency on {RIVAL_QUESTIONS} of the questions.",
        ("finder", "rank 1", "rank 1 to 4", "p50 ms", "p99 ms"),
        tuple((name, *_figures(finder, asked)) for name, finder in finders),
    )


def _figures(finder: Finder, asked: Sequence[Labelled]) -> tuple[str, ...]:
    spread = time_calls(finder.first, [a.say for a in asked[:: max(1, len(asked) // RIVAL_QUESTIONS)]])
    found = [(a.expect, finder.entries(a.say, RANKS[-1])) for a in asked]
    shares = (sum(bool(expect & set(f[:rank])) for expect, f in found) / len(found) for rank in RANKS)
    return (*(f"{share:.1%}" for share in shares), number(spread.p50), number(spread.p99))


def answerable(path: Path) -> list[Labelled]:
    """Return the questions of a file that an entry answers; follow-ups lean on what came before and are left out."""
    asked = (question for conversation in evaluation.load([path]) for question in conversation)
    return [a for a in asked if a.outcome == "answered" and a.expect and not a.follows]
