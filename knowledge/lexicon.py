"""What synonyms.toml says about words: abbreviations, concepts, words that say little, whom no paper is made for."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from knowledge.vietnamese import canonical, fold, fold_word, words

Phrase = tuple[str, ...]
Forms = Mapping[Phrase, frozenset[Phrase]]

FOREIGN_NEAR = 3  # words before an animal among which "cho" is looked for
_COUNTING = frozenset(
    fold("con cái chiếc cây đàn bầy lũ đôi cặp một hai ba mấy những các chú cô ông bà cụ em bé").split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question as understood. `folded` is for matching, `exact` only when marks were typed."""

    folded: str
    exact: str = ""
    known: bool = True


def spelt(text: str) -> list[Word]:
    """Return the words of our own text; unlike a citizen's it is spelt right, so it is exact even without marks."""
    return [Word(fold_word(word), canonical(word)) for word in words(text)]


@dataclass(frozen=True)
class Foreign:
    """Whom no paper is made for, and places where nothing is ours: by folded phrase the spellings meant."""

    on_behalf: frozenset[str]
    beings: Forms
    nowhere: Forms

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Foreign":
        """Return what a parsed synonyms.toml says (lists on_behalf, foreign, nowhere)."""
        on_behalf = (form for word in raw.get("on_behalf", ()) for form in (canonical(word), fold(word)))
        return cls(frozenset(on_behalf), _forms(raw.get("foreign", ())), _forms(raw.get("nowhere", ())))

    @property
    def phrases(self) -> list[str]:
        return [" ".join(phrase) for phrase in (*self.beings, *self.nowhere)]

    def is_named_in(self, text: str) -> bool:
        """Tell whether a text of ours speaks of one at all."""
        return any(True for _ in self._found(spelt(text), self.beings, self._longest_beings))

    def is_in(self, row: Sequence[Word]) -> bool:
        """Tell whether some words ask on behalf of an animal, a thing or a spirit, or of a place out of this world."""
        places = self._found(row, self.nowhere, self._longest_nowhere)
        beings = self._found(row, self.beings, self._longest_beings)
        return next(places, None) is not None or any(self._is_asked_for(row[:start]) for start in beings)

    def _found(self, row: Sequence[Word], forms: Forms, longest: Mapping[str, int]) -> Iterator[int]:
        is_marked = any(word.exact for word in row)
        for start, first in enumerate(row):
            for size in range(1, longest.get(first.folded, 0) + 1):
                part = row[start : start + size]
                spellings = forms.get(tuple(word.folded for word in part), ())
                if any(_is_spelt(part, spelling, is_marked=is_marked or size == 1) for spelling in spellings):
                    yield start
                    break

    def _is_asked_for(self, before: Sequence[Word]) -> bool:
        """Tell whether "cho" stands before an animal, with at most a word or two that count or name it between."""
        for word in reversed(before[-FOREIGN_NEAR:]):
            if (word.exact or word.folded) in self.on_behalf:
                return True
            if word.folded not in _COUNTING:
                return False
        return False

    @cached_property
    def _longest_beings(self) -> Mapping[str, int]:
        return longest_by_first(self.beings)

    @cached_property
    def _longest_nowhere(self) -> Mapping[str, int]:
        return longest_by_first(self.nowhere)


@dataclass(frozen=True)
class Lexicon:
    """What synonyms.toml says: abbreviations with their readings, concepts by phrase, words that say little."""

    abbreviations: Mapping[str, tuple[str, ...]]
    concepts: Mapping[tuple[str, ...], str]
    weak: frozenset[str]
    places: frozenset[tuple[str, ...]]
    foreign: Foreign

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Lexicon":
        """Return the lexicon in a parsed synonyms.toml (tables abbreviations, concepts; lists weak, places)."""
        readings = {short: _listed(long) for short, long in raw.get("abbreviations", {}).items()}
        concepts = {
            tuple(fold(phrase).split()): name for name, phrases in raw.get("concepts", {}).items() for phrase in phrases
        }
        weak = frozenset(fold(word) for word in raw.get("weak", ()))
        places = frozenset(tuple(fold(place).split()) for place in raw.get("places", ()))
        return cls(readings, concepts, weak, places, Foreign.of(raw))

    def concepts_in(self, folded: Sequence[str]) -> list[str]:
        """Return the names of the concepts whose phrases occur in the words, the longest match at each place."""
        return [
            self.concepts[tuple(folded[i : i + n])] for i, n in matches(folded, self.concepts, self._longest_concepts)
        ]

    def are_weak(self, folded: Sequence[str]) -> list[bool]:
        """Tell of each word whether it says little: a filler, or part of the commune's own name."""
        weak = [word in self.weak for word in folded]
        for start, size in matches(folded, self.places, self._longest_places):
            weak[start : start + size] = [True] * size
        return weak

    @cached_property
    def _longest_concepts(self) -> Mapping[str, int]:
        return longest_by_first(self.concepts)

    @cached_property
    def _longest_places(self) -> Mapping[str, int]:
        return longest_by_first(self.places)


def longest_by_first(phrases: Iterable[tuple[str, ...]]) -> Mapping[str, int]:
    """Return by first word the size of its longest phrase; most words begin none, and cost nothing more."""
    longest: dict[str, int] = {}
    for phrase in filter(None, phrases):
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    return longest


def matches(
    folded: Sequence[str], phrases: Container[tuple[str, ...]], longest: Mapping[str, int]
) -> Iterator[tuple[int, int]]:
    """Yield (start, size) of the phrases found in the words, the longest at each place, none overlapping."""
    start = 0
    while start < len(folded):
        most, size = longest.get(folded[start], 0), 0
        if most:
            most = min(most, len(folded) - start)
            size = next((n for n in range(most, 0, -1) if tuple(folded[start : start + n]) in phrases), 0)
        if size:
            yield start, size
        start += size or 1


def _forms(phrases: Iterable[str]) -> Forms:
    forms: dict[Phrase, frozenset[Phrase]] = {}
    for phrase in phrases:
        folded = tuple(fold(phrase).split())
        forms[folded] = forms.get(folded, frozenset()) | {tuple(map(canonical, words(phrase)))}
    return forms


def _is_spelt(row: Sequence[Word], spelling: Phrase, *, is_marked: bool) -> bool:
    """Tell whether words that read like a phrase are it; in a text without marks any spelling may be meant."""
    return not is_marked or all((word.exact or word.folded) == form for word, form in zip(row, spelling, strict=True))


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
