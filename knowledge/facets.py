"""Which part of an entry a question asks for, by the words of facets.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.entry import Entry, Facet, Kind
from knowledge.lexicon import Word, longest_by_first, matches
from knowledge.loading import HOME
from knowledge.vietnamese import canonical, fold

MOST_ASKED = 3
_STEPPING = frozenset({"buoc", "trinh", "bam"})
_OF_NOTIONS = frozenset({Facet.LEGAL, Facet.FEE, Facet.FORM, Facet.TIME, Facet.DOCUMENTS})
_ASKING = frozenset(fold("gì đâu nào ai bao mấy nhiêu sao chi mô không chưa hay").split())


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase found in a question. A telling one asks in so many words; the others only mention."""

    start: int
    words: tuple[str, ...]
    facet: Facet

    @property
    def is_telling(self) -> bool:
        if self.facet is Facet.STEPS:  # "thế nào", "làm sao" end any question; only these ask for steps
            return not _STEPPING.isdisjoint(self.words)
        return not _ASKING.isdisjoint(self.words)


@dataclass(frozen=True)
class Cues:
    """The phrases that ask for a facet, folded."""

    phrases: Mapping[tuple[str, ...], Facet]
    exact: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, path: Path = HOME / "facets.toml") -> "Cues":
        """Return the cues in `path`; where two facets claim a phrase, the first in the file has it."""
        raw = tomllib.loads(path.read_text(encoding="utf-8"))["cues"]
        phrases: dict[tuple[str, ...], Facet] = {}
        exact: dict[str, set[str]] = {}
        for facet, texts in raw.items():
            for text in texts:
                phrases.setdefault(tuple(fold(text).split()), Facet(facet))
                exact.setdefault(fold(text), set()).add(canonical(text))
        return cls(phrases, {folded: frozenset(forms) for folded, forms in exact.items()})

    @cached_property
    def _longest(self) -> Mapping[str, int]:
        return longest_by_first(self.phrases)

    def found(self, row: Sequence[Word]) -> list[Cue]:
        """Return the cues in a question, the longest at each place."""
        folded = [word.folded for word in row]
        places = matches(folded, self.phrases, self._longest)
        cues = [Cue(i, tuple(folded[i : i + n]), self.phrases[tuple(folded[i : i + n])]) for i, n in places]
        return [cue for cue in cues if len(cue.words) > 1 or self._is_meant(row[cue.start])]

    def _is_meant(self, word: Word) -> bool:
        """Tell whether a cue of one word is that word: "gia" may be "giá", the "gia" of "thông gia" is not."""
        return not word.exact or word.exact in self.exact[word.folded]

    def without(self, row: Sequence[Word]) -> list[Word]:
        """Return the words that are not part of asking for a facet."""
        cues = self.found(row)
        taken = {i for cue in cues for i in range(cue.start, cue.start + len(cue.words))}
        return [word for i, word in enumerate(row) if i not in taken]


def asked(cues: Sequence[Cue], entry: Entry | None = None) -> tuple[Facet, ...]:
    """Return the facets asked for, the most telling first; empty when none is.

    Of a known entry, a mere mention that its title makes as well ("dịch vụ công trực tuyến") asks for nothing; and of a
    notion people ask what it is, unless they say otherwise.
    """
    if entry is not None:
        title = set(fold(entry.title).split())
        cues = [cue for cue in cues if cue.is_telling or not title.issuperset(cue.words)]
        if entry.kind in (Kind.CONCEPT, Kind.PLAN):
            cues = [
                cue for cue in cues if cue.is_telling and cue.facet in _OF_NOTIONS.intersection(entry.known_facets())
            ]
    telling = [cue for cue in cues if cue.is_telling]
    ranked = sorted(telling or cues, key=lambda cue: (-len(cue.words), -cue.start))
    facets = dict.fromkeys(cue.facet for cue in ranked)
    for general in (Facet.OVERVIEW, Facet.STEPS):
        if len(facets) > 1:
            facets.pop(general, None)
    return tuple(facets)[:MOST_ASKED]
