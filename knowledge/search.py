"""Question to ranked hits: an inverted index of phrasings over syllables, pairs, exact marks and concepts.

Learned weights say which entry the words speak for; every phrasing near the question votes for its entry, the nearer
the louder; RapidFuzz settles close races. Pure Python postings: no slower than engines ten times the size at this
scale (docs/benchmarks.md).
"""

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from knowledge.corpus import ALL_OUTSIDE, Document, documents
from knowledge.learning import CONTENT, PLAIN, PLAIN_QUESTIONS, Learned, Lesson, unit
from knowledge.lexicon import Lexicon, Word, spelt
from knowledge.loading import Library
from knowledge.understanding import Vocabulary, read

MOST_READ = 5_000  # postings a question reads, its rarest term apart


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; set by measuring, stored in calibration.toml."""

    pair: float = 1.0
    exact: float = 0.5
    concept: float = 1.0
    weak: float = 0.3
    loudness: float = 5.0
    votes: float = 0.1
    fuzzy: float = 0.1
    unlearned: float = -1.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate, ranked by `score` (about -1: surely not; above 0: likely).

    `near` is the cosine of its nearest text `best`.
    """

    owner: str
    score: float
    near: float
    best: str


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and the question as read.

    `outside` tells how much its words speak for what is no business of ours (about -1: not).
    """

    hits: tuple[Hit, ...]
    words: tuple[Word, ...]
    outside: float = -1.0


class Index:
    """An immutable search index in memory."""

    def __init__(
        self,
        rows: Sequence[Document],
        lexicon: Lexicon,
        *,
        weights: Weights | None = None,
        learned: Learned | None = None,
    ) -> None:
        self.weights = weights or Weights()
        self.learned = learned or Learned("", {}, {})
        self.lexicon = lexicon
        self.vocabulary = Vocabulary([*(row.text for row in rows), *lexicon.foreign.phrases])
        self._texts = [row.text for row in rows]
        self._owners = list(dict.fromkeys(row.owner for row in rows))
        number = {owner: i for i, owner in enumerate(self._owners)}
        self._owner_of = [number[row.owner] for row in rows]
        self._rarest = _idf(len(self._owners), 0)
        self._strong: list[str] = []
        self._postings, weighed = self._post()
        self._idf = {term: self._idf_of(texts) for term, texts in self._postings.items()}
        self._norms = self._measure(weighed)
        learned_as = {owner: i for i, owner in enumerate(self.learned.bias)}
        self._outside = learned_as.get(ALL_OUTSIDE)
        self._learned_as = {i: learned_as[owner] for owner, i in number.items() if owner in learned_as}

    def _post(self) -> tuple[dict[str, "array[int]"], dict[str, "array[float]"]]:
        """Return the texts of each term, and what it weighs in each; one text's terms are held at a time."""
        postings: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        weighed: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        for i, text in enumerate(self._texts):
            row = spelt(text)
            self._strong.append(self._strong_text(row))
            for term, weight in self._terms(row).items():
                postings[term].append(i)
                weighed[term].append(weight)
        return dict(postings), weighed

    def _idf_of(self, texts: "array[int]") -> float:
        return _idf(len(self._owners), len({self._owner_of[text] for text in texts}))

    def _measure(self, weighed: Mapping[str, "array[float]"]) -> list[float]:
        """Return the length of each text as a vector."""
        masses = [0.0] * len(self._texts)
        for term, texts in self._postings.items():
            idf = self._idf[term]
            for text, weight in zip(texts, weighed[term], strict=True):
                masses[text] += weight * weight * idf
        return [math.sqrt(mass) or 1.0 for mass in masses]

    def _terms(self, row: Sequence[Word]) -> dict[str, float]:
        """Return the terms of some words, each with the weight of its kind."""
        weights = self.weights
        folded = [word.folded for word in row]
        strengths = [weights.weak if weak else 1.0 for weak in self.lexicon.are_weak(folded)]
        terms = dict(zip(folded, strengths, strict=True))
        for i, (first, second) in enumerate(pairwise(folded)):
            terms[f"{first} {second}"] = weights.pair * max(strengths[i], strengths[i + 1])
        for word, strength in zip(row, strengths, strict=True):
            if word.exact:
                terms["=" + word.exact] = weights.exact * strength
        for concept in self.lexicon.concepts_in(folded):
            terms["@" + concept] = weights.concept
        return terms

    def _mass(self, terms: Mapping[str, float]) -> float:
        return sum(weight * weight * self._idf.get(term, self._rarest) for term, weight in terms.items())

    def _strong_text(self, row: Sequence[Word]) -> str:
        return " ".join(word.folded for word in self.strong(row))

    def strong(self, row: Sequence[Word]) -> list[Word]:
        """Return the words that say something."""
        weak = self.lexicon.are_weak([word.folded for word in row])
        return [word for word, is_weak in zip(row, weak, strict=True) if not is_weak]

    def content(self, row: Sequence[Word]) -> float:
        """Return the weight of what some words say beyond weak words; 0 when they say nothing of their own."""
        return sum(self._idf.get(word.folded, self._rarest) for word in self.strong(row))

    def read(self, question: str) -> tuple[Word, ...]:
        """Return the question's words as the knowledge base knows them."""
        return read(question, self.lexicon, self.vocabulary)

    def search(self, question: str | Sequence[Word], *, limit: int = 10) -> Found:
        """Return the best hits for a question, at most `limit`."""
        row = self.read(question) if isinstance(question, str) else tuple(question)
        terms = self._terms(row)
        shared = self._shared(terms)
        best = self._vote(shared, math.sqrt(self._mass(terms)) or 1.0)
        decided = self.learned.scores(unit(terms, self._idf))
        strong = self._strong_text(row)
        rough = {owner: self._rough(owner, votes, near, decided) for owner, (votes, near, _) in best.items()}
        shortlist = heapq.nlargest(limit * 2, rough, key=rough.__getitem__)
        scores = {o: rough[o] + self.weights.fuzzy * self._likeness(strong, best[o][2]) for o in shortlist}
        ranked = sorted(shortlist, key=lambda owner: -scores[owner])[:limit]
        outside = -1.0 if self._outside is None else decided[self._outside]
        return Found(tuple(self._hit(owner, scores[owner], best[owner]) for owner in ranked), row, outside)

    def _rough(self, owner: int, votes: float, near: float, decided: Sequence[float]) -> float:
        """Return the score before letters are compared; an owner never learned is judged by its nearest text."""
        number = self._learned_as.get(owner)
        learned = self.weights.unlearned + near if number is None else decided[number]
        return learned + self.weights.votes * math.log1p(votes)

    def _shared(self, terms: Mapping[str, float]) -> dict[int, float]:
        """Add up what each phrasing shares with the question, rarest terms first.

        The budget of postings read keeps the slowest question bounded however many entries there are; common terms
        are dropped first, and by then they no longer decide.
        """
        shared: defaultdict[int, float] = defaultdict(float)
        budget = MOST_READ
        for term in sorted((t for t in terms if t in self._postings), key=lambda t: len(self._postings[t])):
            postings = self._postings[term]
            budget -= len(postings)
            if budget < 0 and shared:
                break
            gain = terms[term] * terms[term] * self._idf[term]
            for phrase in postings:
                shared[phrase] += gain
        return shared

    def _vote(self, shared: Mapping[int, float], norm: float) -> dict[int, tuple[float, float, int]]:
        """Return each owner's votes, the cosine of its nearest text, and that text."""
        votes, nearest = [0.0] * len(self._owners), [0.0] * len(self._owners)
        best: dict[int, int] = {}
        owner_of, norms, loudness, exp = self._owner_of, self._norms, self.weights.loudness / norm, math.exp
        for text, amount in shared.items():
            near, owner = amount / norms[text], owner_of[text]
            votes[owner] += exp(loudness * near) - 1.0
            if near > nearest[owner]:
                nearest[owner], best[owner] = near, text
        return {owner: (votes[owner], min(1.0, nearest[owner] / norm), text) for owner, text in best.items()}

    def _likeness(self, strong: str, phrase: int) -> float:
        theirs = self._strong[phrase]
        return (fuzz.token_set_ratio(strong, theirs) + fuzz.token_sort_ratio(strong, theirs)) / 200

    def _hit(self, owner: int, score: float, best: tuple[float, float, int]) -> Hit:
        _, near, text = best
        return Hit(self._owners[owner], score, near, self._texts[text])

    def lesson(self, owner: str, text: str, *, counts: float) -> Lesson:
        """Return a text to learn from, as this index reads it."""
        return Lesson(owner, self._terms(spelt(text)), counts)

    @property
    def idf(self) -> Mapping[str, float]:
        """How rare each term is among the owners."""
        return self._idf


def lessons(library: Library, index: Index) -> list[Lesson]:
    """Return everything to learn from: phrasings, an entry's own lines, and plain questions made from its names."""
    taught = [index.lesson(r.owner, r.text, counts=1.0 if r.is_asked else CONTENT) for r in documents(library)]
    for entry in library.entries.values():
        for name in (entry.title, *entry.names):
            plain = (question.format(name.lower()) for question in PLAIN_QUESTIONS)
            taught += [index.lesson(entry.id, question, counts=PLAIN) for question in plain]
    return taught


def _idf(owners: int, having: int) -> float:
    return math.log(1 + (owners - having + 0.5) / (having + 0.5))
