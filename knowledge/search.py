"""Question to ranked hits: an inverted index of phrasings over syllables, pairs, exact marks and concepts.

Pure Python postings (performance.md A: no slower than engines ten times the size at this scale); RapidFuzz re-ranks.
"""

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from knowledge.entry import Kind
from knowledge.loading import Library
from knowledge.understanding import Lexicon, Vocabulary, Word, read
from knowledge.vietnamese import canonical, fold_word, words

# Owners that are not entries carry a mark before their name.
TALK_MARK = "#"
VAGUE_MARK = "?"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each kind of evidence counts; set by measuring, stored in calibration.toml."""

    pair: float = 0.7
    exact: float = 0.35
    concept: float = 1.0
    weak: float = 0.15
    phrase: float = 0.5
    owner: float = 0.3
    fuzzy: float = 0.2


@dataclass(frozen=True, slots=True)
class Document:
    """One phrasing and the entry (or small talk, or vague question) it belongs to."""

    owner: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate. `score` ranks; `phrase`, `evidence` and `fuzzy` are its parts; `best` is its nearest phrasing."""

    owner: str
    score: float
    phrase: float
    evidence: float
    fuzzy: float
    best: str


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, the question as read, and the weight of what it says beyond weak words."""

    hits: tuple[Hit, ...]
    words: tuple[Word, ...]
    content: float


def documents(library: Library) -> list[Document]:
    """Return every phrasing of the library with its owner; titles count as phrasings."""
    rows = [Document(e.id, text) for e in library.entries.values() for text in dict.fromkeys((e.title, *e.questions))]
    rows += [Document(TALK_MARK + key, text) for key, texts in library.smalltalk.items() for text in texts]
    rows += [Document(f"{VAGUE_MARK}{i}", text) for i, row in enumerate(library.vague) for text in row.questions]
    return rows


class Index:
    """An immutable search index in memory."""

    def __init__(self, rows: Sequence[Document], lexicon: Lexicon, *, weights: Weights | None = None) -> None:
        self.weights = weights or Weights()
        self.lexicon = lexicon
        self.vocabulary = Vocabulary(row.text for row in rows)
        self._texts = [row.text for row in rows]
        self._owners = list(dict.fromkeys(row.owner for row in rows))
        number = {owner: i for i, owner in enumerate(self._owners)}
        self._owner_of = array("I", (number[row.owner] for row in rows))
        self._phrases: dict[str, array[int]] = {}
        self._evidence: dict[str, dict[int, float]] = {}
        self._fill(rows)

    def _fill(self, rows: Sequence[Document]) -> None:
        phrases: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        evidence: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
        read_rows = [[_plain(word) for word in words(row.text)] for row in rows]
        self._strong = [self._strong_text(row) for row in read_rows]
        terms_of = [self._terms(row) for row in read_rows]
        for i, terms in enumerate(terms_of):
            for term in terms:
                phrases[term].append(i)
                evidence[term][self._owner_of[i]] += 1.0
        self._phrases = dict(phrases)
        owners = len(self._owners)
        self._idf = {t: math.log(1 + (owners - len(o) + 0.5) / (len(o) + 0.5)) for t, o in evidence.items()}
        self._rarest = math.log(1 + (owners + 0.5) / 0.5)
        self._evidence = {t: {o: n / (n + 1.0) for o, n in counts.items()} for t, counts in evidence.items()}
        self._norms = array("d", (math.sqrt(self._mass(terms)) or 1.0 for terms in terms_of))

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
        return sum(weight * self._idf.get(term, self._rarest) for term, weight in terms.items())

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
        mass = self._mass(terms) or 1.0
        phrase_scores, evidence = self._gather(terms)
        best = self._best_phrases(phrase_scores)
        shortlist = heapq.nlargest(limit * 3, best, key=lambda o: best[o][0] + evidence[o] / mass)
        strong = self._strong_text(row)
        hits = [self._hit(o, best[o], evidence[o] / mass, mass, strong) for o in shortlist]
        hits.sort(key=lambda hit: -hit.score)
        return Found(tuple(hits[:limit]), row, self.content(row))

    def _gather(self, terms: Mapping[str, float]) -> tuple[dict[int, float], dict[int, float]]:
        """Add up what each phrasing and each owner shares with the question, rarest terms first.

        The budget of postings read keeps the slowest question bounded at 100,000 entries; common terms are
        dropped first, and by then they no longer decide.
        """
        phrases: defaultdict[int, float] = defaultdict(float)
        evidence: defaultdict[int, float] = defaultdict(float)
        budget = max(12_000, len(self._texts) // 25)
        for term in sorted((t for t in terms if t in self._phrases), key=lambda t: len(self._phrases[t])):
            postings = self._phrases[term]
            budget -= len(postings)
            if budget < 0 and phrases:
                break
            gain = terms[term] * self._idf[term]
            for phrase in postings:
                phrases[phrase] += gain
            for owner, share in self._evidence[term].items():
                evidence[owner] += gain * share
        return phrases, evidence

    def _best_phrases(self, scores: Mapping[int, float]) -> dict[int, tuple[float, int]]:
        best: dict[int, tuple[float, int]] = {}
        owner_of, norms = self._owner_of, self._norms
        for phrase, shared in scores.items():
            score, owner = shared / norms[phrase], owner_of[phrase]
            if owner not in best or score > best[owner][0]:
                best[owner] = (score, phrase)
        return best

    def _hit(self, owner: int, best: tuple[float, int], evidence: float, mass: float, strong: str) -> Hit:
        cosine, phrase = best[0] / math.sqrt(mass), best[1]
        theirs = self._strong[phrase]
        fuzzy = (fuzz.token_set_ratio(strong, theirs) + fuzz.token_sort_ratio(strong, theirs)) / 200
        weights = self.weights
        score = weights.phrase * cosine + weights.owner * evidence + weights.fuzzy * fuzzy
        return Hit(self._owners[owner], score, cosine, evidence, fuzzy, self._texts[phrase])


def _plain(word: str) -> Word:
    """Return a word of our own text; unlike a citizen's it is spelt right, so it is exact even without marks."""
    return Word(fold_word(word), canonical(word))


def is_brief(library: Library, owner: str) -> bool:
    """Tell whether an owner is an entry that knows only name and place."""
    entry = library.entries.get(owner)
    return entry is not None and entry.kind is Kind.BRIEF
