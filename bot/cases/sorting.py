"""What kind of message a citizen writes: which case type, how surely, whether it is a report at all."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.cases.model import CaseType
from knowledge.answering import Assistant, Outcome
from knowledge.corpus import documents
from knowledge.lexicon import Word, longest_by_first
from knowledge.understanding import MOST_WORDS, Vocabulary, read
from knowledge.vietnamese import canonical, clean, fold

HOME = Path(__file__).parent / "sorting.toml"
NAMED, AMOUNT, QUESTION, TOLD = "named", "amount", "question", "told"
ASKING = frozenset({"asks", "says_ask", QUESTION})
TELLING_WORDS = 8
WELL_MARKED = 0.4  # of the words carry marks: then an unmarked word is meant so
ENOUGH = 2.0  # a score below says nothing
OWN_MATTER = 3.0  # what a piece of a message must score to be a matter of its own
MAYBE, SURELY = 0.3, 0.5  # how sure the assistant is of an emergency
DENOUNCES = 2.5  # lower than what decides a type: a denunciation missed may give the accuser away

_NAMED = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Tt]ên|đồng chí|thằng)\s+[A-ZÀ-ỸĐ]")
_AMOUNT = re.compile(r"\d\s*(?:triệu|trieu|tr|nghìn|nghin|ngàn|ngan|k|đồng|củ|chỉ|trăm|tram)\b", re.IGNORECASE)
_PATTERNS = {NAMED: _NAMED, AMOUNT: _AMOUNT}
_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message that is a matter of its own."""

    text: str
    type: CaseType


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a message seems to be. `type` is None when nothing tells; `confidence` is from 0 to 1.

    `may_denounce`: guidance on tố cáo comes before anything else is asked or kept. `parts` are the matters of
    different kinds in one message, at least two, or none.
    """

    type: CaseType | None
    confidence: float
    may_denounce: bool = False
    is_emergency: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """Groups that together speak for a type, so much."""

    type: CaseType
    weight: float
    groups: frozenset[str]
    without: frozenset[str]


@dataclass(frozen=True)
class Signs:
    """What sorting.toml says: phrases with their groups, and the signs made of groups."""

    phrases: Mapping[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
    signs: tuple[Sign, ...]
    negators: frozenset[str]
    negatable: frozenset[str]
    needs_marks: frozenset[str]
    question_ends: frozenset[str]
    joiner: re.Pattern[str]

    @classmethod
    def load(cls, path: Path = HOME) -> "Signs":
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        phrases: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
        for group, written in raw["groups"].items():
            for phrase in written:
                exact = tuple(canonical(word) for word in phrase.split())
                phrases.setdefault(tuple(fold(phrase).split()), []).append((group, exact))
        signs = tuple(
            Sign(CaseType(s["type"]), s["weight"], frozenset(s["all"]), frozenset(s.get("none", ())))
            for s in raw["signs"]
        )
        joiner = re.compile(rf"[,;]?\s+(?=(?:{'|'.join(raw['joiners'])})\b)", re.IGNORECASE)
        return cls(
            {folded: tuple(found) for folded, found in phrases.items()},
            signs,
            frozenset(map(fold, raw["negators"])),
            frozenset(raw["negatable"]),
            frozenset(map(fold, raw["needs_marks"])),
            frozenset(map(fold, raw["question_ends"])),
            joiner,
        )

    @cached_property
    def _longest(self) -> Mapping[str, int]:
        return longest_by_first(self.phrases)

    def groups(self, row: Sequence[Word]) -> set[str]:
        """Return the groups whose phrases stand in the words."""
        found: set[str] = set()
        is_marked = sum(bool(word.exact) for word in row) >= WELL_MARKED * len(row)
        for start, word in enumerate(row):
            for size in range(1, min(self._longest.get(word.folded, 0), len(row) - start) + 1):
                meant = row[start : start + size]
                for group, exact in self.phrases.get(tuple(w.folded for w in meant), ()):
                    if self._is_meant(meant, exact, is_marked=is_marked) and not self._is_denied(group, row, start):
                        found.add(group)
        return found

    def _is_meant(self, row: Sequence[Word], exact: Sequence[str], *, is_marked: bool) -> bool:
        """Tell whether words that fold to a phrase are that phrase, by the marks that were typed.

        In a message without marks every reading is open but those of `needs_marks`. A long phrase may have one mark
        wrong; hỏi and ngã are one.
        """
        if (
            not is_marked
            and not any(word.exact for word in row)
            and " ".join(w.folded for w in row) in self.needs_marks
        ):
            return False
        typed = (word.exact or (word.folded if is_marked else "") for word in row)
        wrong = sum(
            bool(word) and _softened(word) != _softened(meant) for word, meant in zip(typed, exact, strict=True)
        )
        return wrong <= (1 if len(row) > 2 else 0)

    def _is_denied(self, group: str, row: Sequence[Word], start: int) -> bool:
        return group in self.negatable and any(word.folded in self.negators for word in row[max(0, start - 2) : start])

    def scores(self, groups: set[str]) -> dict[CaseType, float]:
        scores = dict.fromkeys(CaseType, 0.0)
        for sign in self.signs:
            if sign.groups <= groups and groups.isdisjoint(sign.without):
                scores[sign.type] += sign.weight
        return scores


def _softened(word: str) -> str:
    return word.replace("\u0303", "\u0309")


class Sorter:
    """Sorts messages; holds no state of any conversation."""

    def __init__(self, assistant: Assistant, signs: Signs | None = None) -> None:
        self._assistant = assistant
        self._signs = signs or Signs.load()
        self._lexicon = assistant.library.lexicon
        said = (" ".join(phrase) for phrase in self._signs.phrases)
        self._vocabulary = Vocabulary([*(row.text for row in documents(assistant.library)), *said])

    def suggest(self, text: str) -> Suggestion:
        """Return what a message seems to be."""
        pieces = self._pieces(text)
        groups = [self._groups(piece) for piece in pieces]
        every = set().union(*groups)
        scores = self._signs.scores(every)
        best, second = sorted(scores, key=lambda kind: -scores[kind])[:2]
        known = scores[best] >= ENOUGH
        return Suggestion(
            type=best if known else None,
            confidence=_share(scores[best] - scores[second]) if known else 0.0,
            may_denounce=scores[CaseType.DENUNCIATION] >= DENOUNCES,
            is_emergency=self._is_emergency({text, *pieces}, every, is_report=known and best is not CaseType.QUESTION),
            parts=self._parts(pieces, groups),
        )

    def wants_to_report(self, text: str) -> bool:
        """Tell whether a message tells of something, rather than asks how things are done."""
        return self.suggest(text).type not in (None, CaseType.QUESTION)

    def _pieces(self, text: str) -> list[str]:
        sentences = (clean(sentence) for sentence in _SENTENCE.split(text))
        return [p for sentence in sentences for p in self._signs.joiner.split(sentence) if p.strip()]

    def _groups(self, piece: str) -> set[str]:
        typed = piece.split()
        rows = (typed[i : i + MOST_WORDS] for i in range(0, len(typed), MOST_WORDS))
        row = [word for words in rows for word in read(" ".join(words), self._lexicon, self._vocabulary)]
        found = self._signs.groups(row)
        found |= {group for group, pattern in _PATTERNS.items() if pattern.search(piece)}
        if piece.endswith("?") or (row and row[-1].folded in self._signs.question_ends):
            found.add(QUESTION)
        return found | ({TOLD} if len(row) >= TELLING_WORDS and found.isdisjoint(ASKING) else set())

    def _is_emergency(self, said: Iterable[str], groups: set[str], *, is_report: bool) -> bool:
        """Tell of danger to life: words that say so, or what the assistant takes for an emergency.

        What clearly reports something else must look like one all the more.
        """
        answers = [self._assistant.answer(text) for text in said]
        sure = max((a.score for a in answers if a.outcome is Outcome.EMERGENCY), default=0.0)
        return "danger" in groups or sure >= (SURELY if is_report else MAYBE)

    def _parts(self, pieces: Sequence[str], groups: Sequence[set[str]]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for piece, found in zip(pieces, groups, strict=True):
            scores = self._signs.scores(found)
            best = max(scores, key=scores.__getitem__)
            if parts and (scores[best] < OWN_MATTER or _family(best) == _family(parts[-1].type)):
                parts[-1] = Part(f"{parts[-1].text} {piece}", parts[-1].type)
            else:
                parts.append(Part(piece, best))
        return tuple(parts) if len({_family(part.type) for part in parts}) > 1 else ()


def _family(kind: CaseType) -> CaseType:
    return _FAMILIES.get(kind, kind)


# Kinds that one person says in one breath and one official answers.
_FAMILIES = {
    CaseType.PROPOSAL: CaseType.FEEDBACK,
    CaseType.SUGGESTION: CaseType.FEEDBACK,
    CaseType.GOOD_EXAMPLE: CaseType.PRAISE,
}


def _share(lead: float) -> float:
    return 1 / (1 + math.exp(-lead))
