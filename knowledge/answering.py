"""From a question, and what was last talked about, to one of four honest outcomes."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.entry import Entry, Facet
from knowledge.facets import Cue, Cues, asked
from knowledge.learning import Learned
from knowledge.loading import HOME, Library
from knowledge.search import TALK_MARK, VAGUE_MARK, Found, Hit, Index, Weights, documents
from knowledge.understanding import Word
from knowledge.vietnamese import words

EMERGENCY = "emergency"
OUTSIDE = "outside"
TALK_ENTRIES = {"who": "tro-ly-la-gi"}  # small talk that an entry answers in full
MOST_ALTERNATIVES = 4
WIDE = 40  # hits looked at when the last entry is favoured
TALK_DISCOUNT = 0.6
LOWEST = -1.0  # the score of an entry that is not among them


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

    @property
    def subject(self) -> str | None:
        """What the next question may lean on: the entry answered with, or the likeliest of those asked back about."""
        is_asking_back = self.outcome is Outcome.UNSURE and bool(self.alternatives)
        return self.alternatives[0] if is_asking_back else self.entry


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where answering begins and asking back ends; calibrated on knowledge/questions, stored in calibration.toml.

    `margin` is what a lead over the next entry is worth, up to `most_margin`; `choice` how far behind the best an
    entry is still offered; `lead` how far what lies outside must be ahead. After an entry, a question that says less
    than `follow` of its own favours it by `only`, another by `same`, and its neighbours by `neighbour`; below `lean` a
    question is taken on its own.
    """

    answer: float = -0.3
    unsure: float = -0.6
    margin: float = 0.7
    most_margin: float = 0.6
    choice: float = 0.6
    talk: float = -0.5
    lead: float = 0.3
    follow: float = 1.5
    only: float = 1.0
    same: float = 0.6
    neighbour: float = 0.4
    lean: float = -0.4


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

    def __init__(
        self, library: Library, *, calibration: Calibration | None = None, learned: Learned | None = None
    ) -> None:
        self.library = library
        self.calibration = calibration or Calibration.load()
        self.cues = Cues.load()
        self.index = Index(
            documents(library),
            library.lexicon,
            weights=self.calibration.weights,
            learned=Learned.load() if learned is None else learned,
        )

    def answer(self, question: str, *, context: Context | None = None) -> Answer:
        """Return the answer to a question, read in the light of `context` when it leans on it."""
        row = self.index.read(question)
        cues = self.cues.found(row)
        coded = self._by_code(question)
        if coded:
            return self._of_code(coded, cues)
        last = self.library.entries.get(context.entry or "") if context else None
        if last:
            leaning = self._leaning(row, cues, last)
            if leaning:
                return leaning
        return self._decide(self.index.search(row), cues)

    def _facets(self, cues: Sequence[Cue], entry: str | None = None) -> tuple[Facet, ...]:
        return asked(cues, self.library.entries.get(entry or "")) or (Facet.OVERVIEW,)

    def _by_code(self, question: str) -> tuple[str, ...]:
        codes = (word for word in words(question) if "." in word)
        return next((self.library.by_code[code] for code in codes if code in self.library.by_code), ())

    def _leaning(self, row: Sequence[Word], cues: Sequence[Cue], last: Entry) -> Answer | None:
        """Return an answer in the light of the last entry, or None when the question stands on its own.

        The last entry is favoured, and its neighbours are; the question changes the subject when another entry, or
        small talk, speaks so much louder that the favour does not make up for it.
        """
        limits = self.calibration.thresholds
        own = self.index.content(self.cues.without(row))
        only_asks = bool(cues) and own < limits.follow
        favour = dict.fromkeys(last.related, limits.neighbour) | {last.id: limits.only if only_asks else limits.same}
        found = self.index.search(row, limit=WIDE)
        scores = {h.owner: _loudness(h) for h in found.hits if not h.owner.startswith(VAGUE_MARK)}
        favoured = {owner: scores.get(owner, LOWEST) + worth for owner, worth in favour.items()}
        best = max(favoured, key=favoured.__getitem__)
        loudest = max((score for owner, score in scores.items() if owner not in favour), default=LOWEST)
        if favoured[best] < max(loudest, limits.lean) or best not in self.library.entries:
            return None
        return Answer(Outcome.ANSWERED, best, self._facets(cues, best), score=_share(favoured[best]))

    def _decide(self, found: Found, cues: Sequence[Cue]) -> Answer:
        limits = self.calibration.thresholds
        hits = found.hits
        while hits and hits[0].owner.startswith(TALK_MARK):
            if self._is_talk(hits):
                return _talk(hits[0])
            hits = hits[1:]
        entries = [hit for hit in hits if hit.owner in self.library.entries]
        alternatives, facets = self._alternatives(hits), self._facets(cues)
        if not entries or hits[0].score < limits.unsure:
            return Answer(Outcome.UNKNOWN, facets=facets, alternatives=alternatives)
        contesting = [hit.score for hit in found.hits if _contests(hit) and hit is not entries[0]]
        margin = entries[0].score - max(contesting, default=LOWEST)
        sure = entries[0].score + limits.margin * min(margin, limits.most_margin)
        if hits[0].owner.startswith(VAGUE_MARK) or sure < limits.answer:
            return Answer(Outcome.UNSURE, facets=facets, alternatives=alternatives, score=_share(sure))
        others = tuple(entry for entry in alternatives if entry != entries[0].owner)
        best = entries[0].owner
        return Answer(Outcome.ANSWERED, best, self._facets(cues, best), others, _share(sure))

    def _is_talk(self, hits: Sequence[Hit]) -> bool:
        """Tell whether the best hit is small talk; what lies outside must also clearly beat every entry."""
        limits = self.calibration.thresholds
        if not hits[0].owner.startswith(TALK_MARK + OUTSIDE):
            return hits[0].score >= limits.talk
        rival = max((hit.score for hit in hits if not hit.owner.startswith(TALK_MARK)), default=LOWEST)
        return hits[0].score >= max(limits.talk, rival + limits.lead)

    def _of_code(self, entries: tuple[str, ...], cues: Sequence[Cue]) -> Answer:
        """Return the entry of a national code; where several share it, a choice."""
        if len(entries) == 1:
            return Answer(Outcome.ANSWERED, entries[0], self._facets(cues, entries[0]), score=1.0)
        return Answer(Outcome.UNSURE, facets=self._facets(cues), alternatives=entries[:MOST_ALTERNATIVES], score=1.0)

    def _alternatives(self, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Return the entries worth offering, best first; a vague question brings its own choices."""
        chosen: dict[str, None] = {}
        for hit in hits:
            if hit.score < hits[0].score - self.calibration.thresholds.choice:
                break
            if hit.owner.startswith(VAGUE_MARK):
                chosen.update(dict.fromkeys(hit.owner.removeprefix(VAGUE_MARK).split("|")))
            elif not hit.owner.startswith(TALK_MARK):
                chosen[hit.owner] = None
        return tuple(entry for entry in chosen if entry in self.library.entries)[:MOST_ALTERNATIVES]


def _contests(hit: Hit) -> bool:
    """Tell whether a hit makes the best entry less sure: another entry, or something like it that lies outside."""
    return not hit.owner.startswith((TALK_MARK, VAGUE_MARK)) or hit.owner.startswith(TALK_MARK + OUTSIDE)


def _loudness(hit: Hit) -> float:
    """Return a hit's score against the last entry; few words that only ask for a part resemble small talk by chance."""
    return hit.score - TALK_DISCOUNT if hit.owner.startswith(TALK_MARK) else hit.score


def _talk(hit: Hit) -> Answer:
    """Return the answer to what is no question on a procedure; what follows the hyphen only groups phrasings."""
    name = hit.owner.removeprefix(TALK_MARK).partition("-")[0]
    outcomes = {EMERGENCY: Outcome.EMERGENCY, OUTSIDE: Outcome.UNKNOWN}
    return Answer(outcomes.get(name, Outcome.SMALLTALK), TALK_ENTRIES.get(name), score=_share(hit.score), talk=name)


def _share(sure: float) -> float:
    """Return how sure an answer is from 0 to 1; the slope is that of a logistic fit on the development questions."""
    return 1 / (1 + math.exp(-3 * sure))
