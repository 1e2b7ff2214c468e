"""Phrases that tell what kind of message a citizen writes, from sorting.toml."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot.cases.model import CaseType
from knowledge.lexicon import Word, longest_by_first
from knowledge.vietnamese import canonical, fold

HOME = Path(__file__).parent / "sorting.toml"

OFFICIAL, NAMED, AMOUNT, QUESTION, TOLD, DANGER = "official", "named", "amount", "question", "told", "danger"
ASKING = frozenset({"asks", "says_ask", QUESTION})
TELLING_WORDS = 8  # a shorter message that asks nothing may only name a matter
WELL_MARKED = 0.4  # of the words carry marks: then a word typed without any is meant so
LONG_PHRASE = 3  # words from which one may carry a wrong mark

_NAMED = re.compile(r"\b(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Tt]hầy|[Tt]ên|đồng chí|thằng)\s+[A-ZÀ-ỸĐ]")
_AMOUNT = re.compile(r"\d\s*(?:triệu|trieu|tr|nghìn|nghin|ngàn|ngan|k|đồng|củ|chỉ|trăm|tram)\b", re.IGNORECASE)
_PATTERNS = {NAMED: _NAMED, AMOUNT: _AMOUNT}


@dataclass(frozen=True, slots=True)
class Sign:
    """Groups of phrases that together speak for a type, so much, unless one of `without` is there too."""

    type: CaseType
    weight: float
    groups: frozenset[str]
    without: frozenset[str]


@dataclass(frozen=True)
class Signs:
    """The phrases by their folded words, each with its groups and its marks, and the signs made of groups.

    `needs_marks`: folded phrases that mean something else where no marks are typed. After one of `negators` a group of
    `denied` counts as another: praise as a complaint. `joiner` splits a sentence before words that begin another
    matter.
    """

    phrases: Mapping[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
    signs: tuple[Sign, ...]
    negators: frozenset[str]
    denied: Mapping[str, str]
    needs_marks: frozenset[str]
    question_ends: frozenset[str]
    joiner: re.Pattern[str]

    @classmethod
    def load(cls, path: Path = HOME) -> "Signs":
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        phrases: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}
        for group, written in raw["groups"].items():
            for phrase in written:
                exact = tuple(canonical(word) for word in phrase.lower().split())
                phrases.setdefault(tuple(fold(phrase).split()), []).append((group, exact))
        return cls(
            {folded: tuple(found) for folded, found in phrases.items()},
            tuple(
                Sign(CaseType(s["type"]), s["weight"], frozenset(s["all"]), frozenset(s.get("none", ())))
                for s in raw["signs"]
            ),
            _folded(raw["negators"]),
            raw["denied"],
            _folded(raw["needs_marks"]),
            _folded(raw["question_ends"]),
            re.compile(rf"[,;]?\s+(?=(?:{'|'.join(raw['joiners'])})\b)", re.IGNORECASE),
        )

    @cached_property
    def _longest(self) -> Mapping[str, int]:
        return longest_by_first(self.phrases)

    def groups(self, typed: str, row: Sequence[Word]) -> set[str]:
        """Return the groups found in a piece of a message, as typed and as read."""
        found = {group for group, pattern in _PATTERNS.items() if pattern.search(typed)}
        is_marked = sum(bool(word.exact) for word in row) >= WELL_MARKED * len(row)
        for start, word in enumerate(row):
            for size in range(1, min(self._longest.get(word.folded, 0), len(row) - start) + 1):
                meant = row[start : start + size]
                for group, exact in self.phrases.get(tuple(w.folded for w in meant), ()):
                    if self._is_meant(meant, exact, is_marked=is_marked):
                        found.add(self._in_context(group, row, start))
        if typed.endswith("?") or (row and row[-1].folded in self.question_ends):
            found.add(QUESTION)
        return found | ({TOLD} if len(row) >= TELLING_WORDS and found.isdisjoint(ASKING) else set())

    def _is_meant(self, row: Sequence[Word], exact: Sequence[str], *, is_marked: bool) -> bool:
        """Tell whether words that fold to a phrase are that phrase, by the marks that were typed.

        Without marks every reading is open but those of `needs_marks`. A long phrase may have one mark wrong; hỏi and
        ngã are one.
        """
        if not is_marked and not any(word.exact for word in row):
            return " ".join(word.folded for word in row) not in self.needs_marks
        typed = (word.exact or (word.folded if is_marked else "") for word in row)
        wrong = sum(bool(t) and _softened(t) != _softened(meant) for t, meant in zip(typed, exact, strict=True))
        return wrong <= (1 if len(row) >= LONG_PHRASE else 0)

    def _in_context(self, group: str, row: Sequence[Word], start: int) -> str:
        before = row[max(0, start - 2) : start]
        is_denied = group in self.denied and any(word.folded in self.negators for word in before)
        return self.denied[group] if is_denied else group

    def scores(self, groups: set[str]) -> dict[CaseType, float]:
        """Return what the groups say for each type."""
        scores = dict.fromkeys(CaseType, 0.0)
        for sign in self.signs:
            if sign.groups <= groups and groups.isdisjoint(sign.without):
                scores[sign.type] += sign.weight
        return scores


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, texts))


def _softened(word: str) -> str:
    return word.replace("\u0303", "\u0309")
