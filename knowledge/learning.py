"""Which words tell entries apart, learned from the entries' own phrasings.

A linear support vector machine weighs every term for every owner (one against the rest). Learning needs scikit-learn
(extra "learn") and happens where knowledge is edited; answering only adds up the weights in learned.tsv.gz.
Why: docs/decisions/0004-learned-weights.md.
"""

import gzip
import hashlib
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.corpus import ALL_OUTSIDE, OUTSIDE_MARK
from knowledge.loading import HOME

PATH = HOME / "learned.tsv.gz"
SMALLEST = 0.06  # weights below it are left out: a tenth of the file, half a point of accuracy
SCALE = 100  # weights are kept as whole hundredths
PATIENCE = 3_000
STRENGTH = 1.0  # the SVM's C
CONTENT = 0.25  # an entry's own lines teach this much of what a phrasing teaches
UNMARKED = 0.5  # each phrasing is learned once more without its marks, and counts this much
RARITY = 0.35  # exponent of a term's rarity
PLAIN = 0.5  # a plain question made from a name, as everybody asks it
PLAIN_QUESTIONS = (
    "{}",
    "thủ tục {}",
    "{} cần giấy tờ gì",
    "{} cần gì",
    "{} ở đâu",
    "{} hết bao nhiêu tiền",
    "{} mất bao lâu",
    "{} trên mạng được không",
    "muốn {} thì làm thế nào",
    "ai được {}",
    "{} cho con",
    "{} cho bố mẹ",
    "làm {} cho cháu",
    "{} với người nhà",
    "{} cho vợ chồng tôi",
    "{} cho ông bà",
    "{} cho vợ",
    "{} cho em trai",
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text to learn from: whose it is, its terms by weight, how much it counts."""

    owner: str
    terms: Mapping[str, float]
    counts: float


@dataclass(frozen=True)
class Learned:
    """The weights. `digest` names the lessons they were learned from; an owner's number is its place in `bias`.

    A term has its owners and their weights side by side in arrays: pairs took tens of megabytes more.
    """

    digest: str
    bias: Mapping[str, float]
    weights: Mapping[str, tuple["array[int]", "array[float]"]]

    @classmethod
    def load(cls, path: Path = PATH) -> "Learned":
        """Return the shipped weights; an absent file means none were learned."""
        if not path.exists():
            return cls("", {}, {})
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")
        digest, *owners = lines[0].split("\t")
        biases = (owner.rpartition(" ") for owner in owners)
        weights = {}
        for line in lines[1:]:
            term, _, pairs = line.partition("\t")
            numbers = [int(n) for n in pairs.split()]
            weights[term] = (array("H", numbers[::2]), array("d", (n / SCALE for n in numbers[1::2])))
        return cls(digest, {name: int(bias) / SCALE for name, _, bias in biases}, weights)

    def save(self, path: Path = PATH) -> None:
        """Write the weights; the same weights always give the same bytes."""
        head = "\t".join([self.digest, *(f"{owner} {round(bias * SCALE)}" for owner, bias in self.bias.items())])
        rows = [
            f"{term}\t" + " ".join(f"{owner} {round(w * SCALE)}" for owner, w in zip(*self.weights[term], strict=True))
            for term in sorted(self.weights)
        ]
        path.write_bytes(gzip.compress("\n".join([head, *rows]).encode(), 9, mtime=0))

    def scores(self, vector: Mapping[str, float]) -> list[float]:
        """Return each owner's decision value, by its number, for a unit vector of terms; -1 means "surely not"."""
        found = list(self.bias.values())
        for term, amount in vector.items():
            if term in self.weights:
                for owner, weight in zip(*self.weights[term], strict=True):
                    found[owner] += amount * weight
        return found


def unit(terms: Mapping[str, float], idf: Mapping[str, float]) -> dict[str, float]:
    """Return the terms that are known as a vector of length 1, rare terms longer."""
    vector = {term: weight * idf[term] ** RARITY for term, weight in terms.items() if term in idf}
    norm = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {term: value / norm for term, value in vector.items()}


def digest(lessons: Iterable[Lesson]) -> str:
    """Return a short name for what is learned from: it changes with a text, a synonym and a weight."""
    told = sorted(f"{le.owner}\t{le.counts}\t{sorted(le.terms.items())}" for le in lessons)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def learn(lessons: Sequence[Lesson], idf: Mapping[str, float]) -> Learned:
    """Return the weights that tell the owners of the lessons apart; about a minute of work."""
    import numpy as np
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.svm import LinearSVC

    taught = [*lessons, *(_unmarked(lesson) for lesson in lessons if lesson.counts == 1.0)]
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([unit(lesson.terms, idf) for lesson in taught])
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    machine = LinearSVC(C=STRENGTH, max_iter=PATIENCE, random_state=0)
    machine.fit(matrix, [lesson.owner for lesson in taught], sample_weight=[lesson.counts for lesson in taught])
    owners, coefficients, biases = [*machine.classes_], machine.coef_, [*machine.intercept_]
    are_outside = [lesson.owner.startswith(OUTSIDE_MARK) for lesson in taught]
    if any(are_outside):
        outside = LinearSVC(C=STRENGTH, max_iter=PATIENCE, random_state=0, class_weight="balanced")
        outside.fit(matrix, are_outside, sample_weight=[lesson.counts for lesson in taught])
        owners.append(ALL_OUTSIDE)
        coefficients, biases = np.vstack([coefficients, outside.coef_]), [*biases, *outside.intercept_]
    terms = vectorizer.get_feature_names_out()
    weights: defaultdict[str, tuple[array[int], array[float]]] = defaultdict(lambda: (array("H"), array("d")))
    for row, column in np.argwhere(np.abs(coefficients) > SMALLEST):
        numbers, amounts = weights[terms[column]]
        numbers.append(int(row))
        amounts.append(float(coefficients[row, column]))
    return Learned(digest(lessons), dict(zip(owners, map(float, biases), strict=True)), weights)


def _unmarked(lesson: Lesson) -> Lesson:
    """Return a lesson as it would be typed without marks."""
    terms = {term: weight for term, weight in lesson.terms.items() if not term.startswith("=")}
    return Lesson(lesson.owner, terms, lesson.counts * UNMARKED)
