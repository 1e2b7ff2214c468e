"""From a question, and what was last talked about, to one of four honest outcomes."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.corpus import OUTSIDE_MARK, TALK_MARK, VAGUE_MARK, documents
from knowledge.entry import Entry, Facet
from knowledge.facets import Cue, Cues, asked
from knowledge.learning import Learned
from knowledge.lexicon import Word
from knowledge.loading import HOME, Library
from knowledge.search import Found, Hit, Index, Weights
from knowledge.vietnamese import words

EMERGENCY = "emergency"
OUTSIDE = "outside"
TALK_ENTRIES = {"who": "tro-ly-la-gi"}  # small talk that an entry answers in full
MOST_ALTERNATIVES = 4
WIDE = 40  # hits looked at when the last entry is favoured
TALK_DISCOUNT = 0.6
SHORTEST_NUMBER = 3  # 113, 766
MOST_LEAD = 0.6  # a lead beyond it makes an answer no surer
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

    How far a question belongs to us is its best entry's score less the two scores of what lies outside. Below `outside`
    it is none of our business; below `ours` it is asked back, and so it is when the best entry's lead over the next,
    and `weight` times its score, do not make `sure`. `choice` is how far behind the best an entry is still offered;
    `talk` is where small talk begins, `emergency` where a cry for help does. After an entry, a question that says less
    than `follow` of its own favours it by `only`, another by `same`, and its neighbours by `neighbour`; below `lean` a
    question is taken on its own.
    """

    outside: float = 0.2
    ours: float = 0.8
    unsure: float = -0.65
    weight: float = 0.5
    sure: float = 0.075
    choice: float = 0.6
    talk: float = 0.0
    emergency: float = -0.4
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
        if _says_nothing(question):
            return Answer(Outcome.UNKNOWN)
        row = self.index.read(question)
        cues = self.cues.found(row)
        coded = self._by_code(question)
        if coded:
            return self._of_code(coded, cues)
        last = self.library.entries.get(context.entry or "") if context else None
        leaning = self._leaning(row, cues, last) if last else None
        answer = leaning or self._decide(self.index.search(row), cues)
        return Answer(Outcome.UNKNOWN, talk=OUTSIDE) if self._is_for_nobody(row, answer) else answer

    def _is_for_nobody(self, row: Sequence[Word], answer: Answer) -> bool:
        """Tell whether a question asks for an animal or a thing what the entry answered with does for people."""
        entry = self.library.entries.get(answer.subject or "")
        foreign = self.library.lexicon.foreign
        if entry is None or not foreign.is_in(row):
            return False
        return not any(foreign.is_named_in(text) for text in (entry.title, *entry.names, *entry.questions))

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
        if cues and own <= 0:  # nothing but the part: "lệ phí", "nộp ở đâu"
            return Answer(Outcome.ANSWERED, last.id, self._facets(cues, last.id), score=1.0)
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
        if found.hits and _is_chat(found.hits[0]) and found.hits[0].score >= self._talk_from(found.hits[0]):
            return _talk(found.hits[0])
        hits = [hit for hit in found.hits if not hit.owner.startswith(TALK_MARK)]
        entries = [hit for hit in hits if hit.owner in self.library.entries]
        facets, alternatives = self._facets(cues), self._alternatives(hits)
        highest = entries[0].score if entries else LOWEST
        belongs = highest - _outside(found.hits) - found.outside
        if belongs < limits.outside:
            return Answer(Outcome.UNKNOWN, talk=OUTSIDE)
        if not entries or hits[0].score < limits.unsure:
            return Answer(Outcome.UNKNOWN, facets=facets, alternatives=alternatives)
        best = entries[0]
        lead = min(best.score - (entries[1].score if len(entries) > 1 else LOWEST), MOST_LEAD)
        score = _share(best.score + lead)
        is_sure = lead + limits.weight * best.score >= limits.sure and belongs >= limits.ours
        if hits[0] is not best or not is_sure:
            return Answer(Outcome.UNSURE, facets=facets, alternatives=alternatives, score=score)
        others = tuple(entry for entry in alternatives if entry != best.owner)
        return Answer(Outcome.ANSWERED, best.owner, self._facets(cues, best.owner), others, score)

    def _talk_from(self, hit: Hit) -> float:
        """Return the score from which small talk is taken for it; an emergency is rather seen once too often."""
        limits = self.calibration.thresholds
        return limits.emergency if hit.owner.startswith(TALK_MARK + EMERGENCY) else limits.talk

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


def _says_nothing(question: str) -> bool:
    """Tell whether a question is a bare number too short for a name or a telephone: "1" with nothing to choose from."""
    typed = words(question)
    return all(word.isdigit() and len(word) < SHORTEST_NUMBER for word in typed)


def _is_chat(hit: Hit) -> bool:
    return hit.owner.startswith(TALK_MARK) and not hit.owner.startswith(OUTSIDE_MARK)


def _outside(hits: Sequence[Hit]) -> float:
    """Return the score of the nearest kind of question that is not ours."""
    return max((hit.score for hit in hits if hit.owner.startswith(OUTSIDE_MARK)), default=LOWEST)


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
