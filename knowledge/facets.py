"""Which part of an entry a question asks for, by the words of facets.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.entry import Facet
from knowledge.loading import HOME
from knowledge.understanding import Word, matches
from knowledge.vietnamese import fold

MOST_ASKED = 3


@dataclass(frozen=True)
class Cues:
    """The phrases that ask for a facet, folded."""

    phrases: Mapping[tuple[str, ...], Facet]

    @classmethod
    def load(cls, path: Path = HOME / "facets.toml") -> "Cues":
        """Return the cues in `path`; where two facets claim a phrase, the first in the file has it."""
        raw = tomllib.loads(path.read_text(encoding="utf-8"))["cues"]
        phrases: dict[tuple[str, ...], Facet] = {}
        for facet, texts in raw.items():
            for text in texts:
                phrases.setdefault(tuple(fold(text).split()), Facet(facet))
        return cls(phrases)

    def asked(self, folded: Sequence[str]) -> tuple[Facet, ...]:
        """Return the facets asked for, the most telling phrase first; empty when none is."""
        found = self._matches(folded)
        order = list(dict.fromkeys(self.phrases.values()))
        ranked = sorted(found, key=lambda match: (-match[1], order.index(match[2]), match[0]))
        facets = dict.fromkeys(facet for _, _, facet in ranked)
        if len(facets) > 1:
            facets.pop(Facet.OVERVIEW, None)
            facets.pop(Facet.STEPS, None)
        return tuple(facets)[:MOST_ASKED]

    def without(self, row: Sequence[Word]) -> list[Word]:
        """Return the words that are not part of asking for a facet."""
        taken = {i for start, size, _ in self._matches([w.folded for w in row]) for i in range(start, start + size)}
        return [word for i, word in enumerate(row) if i not in taken]

    def _matches(self, folded: Sequence[str]) -> list[tuple[int, int, Facet]]:
        return [(i, n, self.phrases[tuple(folded[i : i + n])]) for i, n in matches(folded, self.phrases)]
