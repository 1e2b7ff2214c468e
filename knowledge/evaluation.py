"""How right the assistant is on labelled questions, by style, facet, field and outcome."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.answering import Answer, Assistant, Context, Outcome
from knowledge.entry import Facet, Kind


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question and what a right answer is. Several entries in `expect` are all right."""

    say: str
    outcome: Outcome
    expect: frozenset[str]
    facet: Facet | None
    style: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One question, its answer, and the verdict."""

    asked: Labelled
    answer: Answer
    right: bool
    offered: bool
    wrong: bool
    facet_right: bool | None


@dataclass
class Tally:
    """Counts of one slice."""

    asked: int = 0
    right: int = 0
    offered: int = 0
    wrong: int = 0

    def add(self, judged: Judged) -> None:
        self.asked += 1
        self.right += judged.right
        self.offered += judged.offered
        self.wrong += judged.wrong


@dataclass
class Report:
    """The verdicts, and tallies by slice ("style: gõ không dấu", "outcome: answered" …)."""

    judged: list[Judged] = field(default_factory=list)
    slices: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    facets: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)


def load(paths: Iterable[Path]) -> list[list[Labelled]]:
    """Return the conversations of some JSONL files; a single question is a conversation of one turn.

    A line is {"q": …, "expect": [id…], "outcome": …, "facet": …, "style": …} or {"style": …, "turns": [{"say": …, …}]}.
    Raises ValueError naming file and line.
    """
    return [c for path in paths for c in _file(path)]


def _file(path: Path) -> Iterator[list[Labelled]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            turns = raw["turns"] if "turns" in raw else [{**raw, "say": raw["q"]}]
            yield [_labelled(t, raw.get("style", ""), follows=i > 0) for i, t in enumerate(turns)]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} dòng {number}: {error}") from error


def _labelled(raw: Mapping[str, Any], style: str, *, follows: bool) -> Labelled:
    facet = Facet(raw["facet"]) if raw.get("facet") else None
    outcome = Outcome(raw.get("outcome", "answered"))
    return Labelled(raw["say"], outcome, frozenset(raw.get("expect", ())), facet, style, follows)


def evaluate(assistant: Assistant, conversations: Iterable[list[Labelled]]) -> Report:
    """Return the verdict on every turn, each answered in the context that our own answers made."""
    report = Report()
    for turns in conversations:
        context = Context()
        for asked in turns:
            answer = assistant.answer(asked.say, context=context)
            _count(report, judge(assistant, asked, answer), assistant)
            if answer.subject:
                context = Context(answer.subject, answer.facet)
    return report


def judge(assistant: Assistant, asked: Labelled, answer: Answer) -> Judged:
    """Return the verdict: right; right or among the choices; confidently wrong."""
    hit = answer.entry in asked.expect
    among = hit or bool(asked.expect & set(answer.alternatives) and answer.outcome is Outcome.UNSURE)
    if asked.outcome is Outcome.ANSWERED:
        wrong = answer.outcome is Outcome.ANSWERED and not hit
        right = hit
    elif asked.outcome is Outcome.UNSURE:
        wrong = answer.outcome is Outcome.ANSWERED and not hit
        right = among
    else:
        wrong = answer.outcome is Outcome.ANSWERED and not _is_brief(assistant, answer)
        right = answer.outcome is asked.outcome or (asked.outcome is Outcome.UNKNOWN and not wrong)
    facet_right = answer.facet is asked.facet if asked.facet and hit else None
    return Judged(asked, answer, right, among or right, wrong, facet_right)


def _is_brief(assistant: Assistant, answer: Answer) -> bool:
    entry = assistant.library.entries.get(answer.entry or "")
    return entry is not None and entry.kind is Kind.BRIEF


def _count(report: Report, judged: Judged, assistant: Assistant) -> None:
    asked = judged.asked
    report.judged.append(judged)
    expected = next(
        (assistant.library.entries[e] for e in sorted(asked.expect) if e in assistant.library.entries), None
    )
    report.slices[f"outcome: {asked.outcome}"].add(judged)
    report.slices[f"style: {asked.style or '-'}"].add(judged)
    if asked.follows:
        report.slices["follow-ups"].add(judged)
    if expected:
        kind = "brief" if expected.kind is Kind.BRIEF else "full"
        report.slices[f"entries: {kind}, {asked.outcome}"].add(judged)
        report.slices[f"field: {expected.field}"].add(judged)
    if judged.facet_right is not None:
        report.facets[f"{asked.facet} asked"] += 1
        report.facets[f"{asked.facet} right"] += judged.facet_right
    if not judged.right:
        report.confused[
            ("|".join(sorted(asked.expect)) or asked.outcome, judged.answer.entry or judged.answer.outcome)
        ] += 1
