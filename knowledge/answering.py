"""From a question, and what was last talked about, to one of four honest outcomes."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.entry import Facet
from knowledge.facets import Cues
from knowledge.loading import HOME, Library
from knowledge.search import TALK_MARK, VAGUE_MARK, Found, Hit, Index, Weights, documents
from knowledge.understanding import Word
from knowledge.vietnamese import words

EMERGENCY = "emergency"
OUTSIDE = "outside"
MOST_ALTERNATIVES = 4


class Outcome(StrEnum):
    """What the assistant can honestly say to a question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    UNKNOWN = "unknown"
    SMALLTALK = "smalltalk"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation was last about."""

    entry: str | None = None
    facet: Facet | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one question. `talk` names the small talk; `facets` are all parts asked for, the first leads."""

    outcome: Outcome
    entry: str | None = None
    facets: tuple[Facet, ...] = ()
    alternatives: tuple[str, ...] = ()
    score: float = 0.0
    talk: str | None = None

    @property
    def facet(self) -> Facet | None:
        return self.facets[0] if self.facets else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where answering begins and asking back ends; calibrated on knowledge/questions, stored in calibration.toml."""

    answer: float = 0.45
    unsure: float = 0.3
    margin: float = 0.05
    choice: float = 0.8
    talk: float = 0.6
    follow: float = 4.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The measured weights and thresholds."""

    weights: Weights
    thresholds: Thresholds

    @classmethod
    def load(cls, path: Path = HOME / "calibration.toml") -> "Calibration":
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(Weights(**_known(Weights, raw["weights"])), Thresholds(**_known(Thresholds, raw["thresholds"])))


def _known(kind: Any, table: Mapping[str, float]) -> dict[str, float]:
    return {f.name: float(table[f.name]) for f in fields(kind)}


class Assistant:
    """Answers questions from one library; holds no state of any conversation."""

    def __init__(self, library: Library, *, calibration: Calibration | None = None, cues: Cues | None = None) -> None:
        self.library = library
        self.calibration = calibration or Calibration.load()
        self.cues = cues or Cues.load()
        self.index = Index(documents(library), library.lexicon, weights=self.calibration.weights)

    def answer(self, question: str, *, context: Context | None = None) -> Answer:
        """Return the answer to a question, read in the light of `context` when it leans on it."""
        row = self.index.read(question)
        facets = self.cues.asked([word.folded for word in row])
        by_code = self._by_code(question)
        if by_code:
            return Answer(Outcome.ANSWERED, by_code, facets or (Facet.OVERVIEW,), score=1.0)
        found = self.index.search(row)
        if context and context.entry in self.library.entries:
            leaning = self._leaning(row, found, facets, context)
            if leaning:
                return leaning
        return self._decide(found, facets or (Facet.OVERVIEW,))

    def _by_code(self, question: str) -> str | None:
        codes = (word for word in words(question) if "." in word)
        return next((self.library.by_code[code].id for code in codes if code in self.library.by_code), None)

    def _leaning(self, row: Sequence[Word], found: Found, facets: tuple[Facet, ...], context: Context) -> Answer | None:
        """Return an answer about the last entry when the question names no matter of its own."""
        own = self.index.content(self.cues.without(row))
        top = found.hits[0] if found.hits else None
        if top and top.owner.startswith(TALK_MARK) and top.score >= self.calibration.thresholds.talk:
            return None
        if facets and own < self.calibration.thresholds.follow:
            return Answer(Outcome.ANSWERED, context.entry, facets, score=1.0)
        return None

    def _decide(self, found: Found, facets: tuple[Facet, ...]) -> Answer:
        limits = self.calibration.thresholds
        if not found.hits:
            return Answer(Outcome.UNKNOWN)
        top = found.hits[0]
        if top.owner.startswith(TALK_MARK):
            return self._talk(top, found, facets)
        entries = self._alternatives(found)
        if top.owner.startswith(VAGUE_MARK) and top.score >= limits.unsure:
            return Answer(Outcome.UNSURE, facets=facets, alternatives=entries, score=top.score)
        if top.score >= limits.answer and _margin(found) >= limits.margin:
            return Answer(Outcome.ANSWERED, top.owner, facets, entries[1:], top.score)
        if top.score >= limits.unsure:
            return Answer(Outcome.UNSURE, facets=facets, alternatives=entries, score=top.score)
        return Answer(Outcome.UNKNOWN, facets=facets, alternatives=entries, score=top.score)

    def _talk(self, top: Hit, found: Found, facets: tuple[Facet, ...]) -> Answer:
        name = top.owner.removeprefix(TALK_MARK).partition("-")[0]
        if top.score < self.calibration.thresholds.talk and len(found.hits) > 1:
            rest = Found(found.hits[1:], found.words, found.content)
            return self._decide(rest, facets)
        if name == EMERGENCY:
            return Answer(Outcome.EMERGENCY, score=top.score, talk=name)
        if name == OUTSIDE:
            return Answer(Outcome.UNKNOWN, score=top.score, talk=name)
        return Answer(Outcome.SMALLTALK, score=top.score, talk=name)

    def _alternatives(self, found: Found) -> tuple[str, ...]:
        """Return the entries worth offering, best first; a vague question brings its own choices."""
        floor = found.hits[0].score * self.calibration.thresholds.choice
        chosen: dict[str, None] = {}
        for hit in found.hits:
            if hit.score < floor or len(chosen) >= MOST_ALTERNATIVES:
                break
            if hit.owner.startswith(VAGUE_MARK):
                row = self.library.vague[int(hit.owner.removeprefix(VAGUE_MARK))]
                chosen.update(dict.fromkeys(row.choices))
            elif not hit.owner.startswith(TALK_MARK):
                chosen[hit.owner] = None
        return tuple(chosen)[:MOST_ALTERNATIVES]


def _margin(found: Found) -> float:
    """Return how far the best hit leads; small talk does not contest an entry."""
    scores = [hit.score for hit in found.hits if not hit.owner.startswith(TALK_MARK)]
    return 1.0 if len(scores) < 2 else (scores[0] - scores[1]) / (scores[0] or 1.0)
