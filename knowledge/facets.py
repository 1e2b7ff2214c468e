"""Which part of an entry a question asks for, by the words of facets.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
_ENTITLING = frozenset(fold("phải được").split())  # "có phải … không", "được … không": whether one must, or may
_AMOUNTS = frozenset(
    tuple(fold(amount).split())
    for amount in (
        *("bao nhiêu", "bao nhiêu tiền", "nhiêu tiền", "bao tiền", "bao nhiêu đồng", "bao nhiêu một", "là bao nhiêu"),
        *("năm bao nhiêu", "tháng bao nhiêu", "mỗi tháng bao nhiêu", "mấy đồng", "mấy trăm", "mấy nghìn", "đồng nào"),
        *("những khoản gì", "khoản nào"),
    )
)
_HOW_MUCH = ("bao", "nhieu")  # of money when nothing follows: "bao nhiêu người" is not
_COSTS = frozenset({("phi",), ("chi", "phi")})
_PAYING = ("tro cap", "ho tro", "mai tang")
_ONLINE = ("truc tuyen", "dien tu", "vneid", "dinh danh")


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

    @property
    def is_entitling(self) -> bool:
        return len(self.words) == 1 and self.words[0] in _ENTITLING


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
        cues = [cue for cue in cues if cue.words != _HOW_MUCH or cue.start + len(_HOW_MUCH) == len(folded)]
        is_marked = any(word.exact for word in row)
        meant = [cue for cue in cues if len(cue.words) > 1 or self._is_meant(row[cue.start], is_marked=is_marked)]
        return meant + _entitling(folded)

    def _is_meant(self, word: Word, *, is_marked: bool) -> bool:
        """Tell whether a cue of one word is that word: in a text without marks "gia" may be "giá", else it is not."""
        return not is_marked or (word.exact or word.folded) in self.exact[word.folded]

    def without(self, row: Sequence[Word]) -> list[Word]:
        """Return the words that are not part of asking for a facet."""
        cues = self.found(row)
        taken = {i for cue in cues for i in range(cue.start, cue.start + len(cue.words))}
        return [word for i, word in enumerate(row) if i not in taken]


def _entitling(folded: Sequence[str]) -> list[Cue]:
    """Return the cue of a question whether one must or may, which asks who it is for when it asks nothing else."""
    start = next((i for i, word in enumerate(folded) if word in _ENTITLING), len(folded))
    return [Cue(start, (folded[start],), Facet.WHO)] if "khong" in folded[start + 2 :] else []


def asked(cues: Sequence[Cue], entry: Entry | None = None) -> tuple[Facet, ...]:
    """Return the facets asked for, the most telling first; empty when none is.

    Of a known entry, a mere mention that its title makes as well ("dịch vụ công trực tuyến") asks for nothing; of a
    notion people ask what it is, unless they say otherwise; and of one that pays, how much is what one gets.
    """
    if entry is not None:
        cues = _of(entry, cues)
    telling = [cue for cue in cues if cue.is_telling]
    ranked = sorted(telling or cues, key=lambda cue: (cue.is_entitling, -len(cue.words), -cue.start))
    facets = dict.fromkeys(cue.facet for cue in ranked)
    if len(facets) > 1 and all(cue.is_entitling for cue in ranked if cue.facet is Facet.WHO):
        facets.pop(Facet.WHO, None)
    for general in (Facet.OVERVIEW, Facet.STEPS):
        if len(facets) > 1:
            facets.pop(general, None)
    return tuple(facets)[:MOST_ASKED]


def _of(entry: Entry, cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues that ask something of this entry."""
    title, known = fold(entry.title), entry.known_facets()
    if entry.kind in (Kind.CONCEPT, Kind.PLAN):
        return [cue for cue in cues if cue.is_telling and cue.facet in _OF_NOTIONS.intersection(known)]
    pays = any(word in fold(" ".join((entry.title, *entry.facets.get(Facet.RESULT, ())))) for word in _PAYING)
    named = frozenset(title.split())
    kept = []
    for cue in cues:
        if cue.words in _AMOUNTS and pays:
            kept.append(replace(cue, facet=Facet.RESULT))
        elif not (pays and cue.words in _COSTS) and (cue.is_telling or not _is_named(cue, title, named)):
            kept.append(cue)
    return [cue for cue in kept if not cue.is_entitling or cue.facet in known]


def _is_named(cue: Cue, title: str, named: frozenset[str]) -> bool:
    """Tell whether what a cue mentions is the matter itself rather than a part of it."""
    if cue.facet is Facet.ONLINE and any(word in title for word in _ONLINE):
        return True
    return named.issuperset(cue.words)
