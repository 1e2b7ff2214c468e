"""A question as typed on a phone, read into known words: abbreviations, debris, run-together and misspelt words."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz.distance import OSA

from knowledge.lexicon import Lexicon, Word
from knowledge.vietnamese import (
    canonical,
    deletions,
    fold,
    fold_word,
    from_telex,
    from_vni,
    has_marks,
    is_syllable,
    split_run,
    squeeze,
    words,
)

SHORTEST_GUESSED = 3  # a shorter word has too many neighbours at one edit to be guessed
SHORTEST_RUN = 5
LONGEST_WORD = 40  # nobody types a longer one; what is longer is noise, and costly to cut
MOST_WORDS = 120  # a question's words beyond this are not read


class Vocabulary:
    """The words of the knowledge base: which exist, how often, side by side with which."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            folded = fold(text).split()
            self.counts.update(folded)
            self.pairs.update(pairwise(folded))
        self._near: dict[str, list[str]] = {}
        for word in self.counts:
            if len(word) >= SHORTEST_GUESSED and word.isalpha():
                for key in set(deletions(word)):
                    self._near.setdefault(key, []).append(word)

    def __contains__(self, folded: str) -> bool:
        return folded in self.counts

    def cost(self, folded: str) -> float:
        """Return the price of a syllable when a run of letters is cut; an unknown one is forbidden."""
        count = self.counts.get(folded, 0)
        return 8.0 - math.log(count) if count and len(folded) > 1 and is_syllable(folded) else math.inf

    def support(self, before: str, word: str, after: str) -> float:
        """Return how well a word sits between its neighbours: by pairs seen, then by its own frequency."""
        pairs = self.pairs.get((before, word), 0) + self.pairs.get((word, after), 0)
        return 10.0 * math.log1p(pairs) + math.log1p(self.counts.get(word, 0))

    def one_edit_away(self, folded: str) -> set[str]:
        found = {word for key in deletions(folded) for word in self._near.get(key, ())}
        return {word for word in found if OSA.distance(folded, word, score_cutoff=1) <= 1}


def read(text: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[Word, ...]:
    """Return the words of a question as the knowledge base knows them."""
    typed = words(text)[:MOST_WORDS]
    return tuple(word for i in range(len(typed)) for word in _read_one(typed, i, lexicon, vocabulary))


def _read_one(typed: Sequence[str], i: int, lexicon: Lexicon, vocabulary: Vocabulary) -> list[Word]:
    word = typed[i]
    before, after = _neighbour(typed, i - 1), _neighbour(typed, i + 1)
    readings = lexicon.abbreviations.get(word)
    if readings:
        best = max(readings, key=lambda reading: _fit(reading, before, after, vocabulary))
        return [_word(part) for part in words(best if len(readings) > 1 else readings[0])]
    folded = fold_word(word)
    if folded in vocabulary or not word[0].isalpha() or len(word) > LONGEST_WORD:
        return [_word(word)]
    repaired = _repaired(word, vocabulary)
    if repaired:
        return [_word(repaired)]
    pieces = split_run(folded, vocabulary.cost) if len(folded) >= SHORTEST_RUN else None
    if pieces:
        return [Word(piece) for piece in pieces]
    near = vocabulary.one_edit_away(folded) if len(folded) >= SHORTEST_GUESSED else set()
    if near:
        return [Word(max(sorted(near), key=lambda guess: vocabulary.support(before, guess, after)))]
    return [Word(folded, _exact(word), known=False)]


def _neighbour(typed: Sequence[str], i: int) -> str:
    return fold_word(typed[i]) if 0 <= i < len(typed) else ""


def _fit(reading: str, before: str, after: str, vocabulary: Vocabulary) -> int:
    parts = fold(reading).split()
    return vocabulary.pairs.get((before, parts[0]), 0) + vocabulary.pairs.get((parts[-1], after), 0)


def _repaired(word: str, vocabulary: Vocabulary) -> str | None:
    """Return the word that Telex or VNI keys or repeated letters hide, when the knowledge base has it."""
    tries = (from_vni(word), from_telex(word), squeeze(word), from_telex(squeeze(word)))
    return next((t for t in tries if t and t != word and fold_word(t) in vocabulary), None)


def _word(word: str) -> Word:
    return Word(fold_word(word), _exact(word))


def _exact(word: str) -> str:
    return canonical(word) if has_marks(word) else ""
