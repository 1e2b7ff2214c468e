"""Two usual ways to find the nearest phrasing, given the same rows: RapidFuzz over all of them, and rank_bm25."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from knowledge.corpus import Document
from knowledge.search import Index
from knowledge.vietnamese import fold

DEEP = 80  # phrasings looked at for the best entries


class Finder(Protocol):
    """Something that finds entries."""

    name: str

    def first(self, question: str) -> object:
        """Find the best only; this is what is timed."""

    def entries(self, question: str, most: int) -> list[str]:
        """Return the best entries, best first."""


class Ours:
    """Our own index."""

    name = "Index.search"

    def __init__(self, index: Index) -> None:
        self._index = index

    def first(self, question: str) -> object:
        return self._index.search(question)

    def entries(self, question: str, most: int) -> list[str]:
        hits = self._index.search(question).hits
        return [hit.owner for hit in hits if hit.owner[0].isalnum()][:most]


class RapidFuzz:
    """token_set_ratio against every folded phrasing."""

    name = "RapidFuzz token_set_ratio"

    def __init__(self, rows: Sequence[Document]) -> None:
        self._owners = [row.owner for row in rows]
        self._texts = [fold(row.text) for row in rows]

    def first(self, question: str) -> object:
        from rapidfuzz import fuzz, process

        return process.extractOne(fold(question), self._texts, scorer=fuzz.token_set_ratio)

    def entries(self, question: str, most: int) -> list[str]:
        from rapidfuzz import fuzz, process

        found = process.extract(fold(question), self._texts, scorer=fuzz.token_set_ratio, limit=DEEP)
        return _distinct((self._owners[i] for _, _, i in found), most)


class BM25:
    """rank_bm25's Okapi over folded syllables."""

    name = "rank_bm25 BM25Okapi"

    def __init__(self, rows: Sequence[Document]) -> None:
        from rank_bm25 import BM25Okapi

        self._owners = [row.owner for row in rows]
        self._okapi = BM25Okapi([fold(row.text).split() for row in rows])

    def first(self, question: str) -> object:
        return self._okapi.get_scores(fold(question).split()).argmax()

    def entries(self, question: str, most: int) -> list[str]:
        scores = self._okapi.get_scores(fold(question).split())
        return _distinct((self._owners[i] for i in (-scores).argsort(kind="stable")[:DEEP]), most)


def _distinct(owners: Iterable[str], most: int) -> list[str]:
    return list(islice(dict.fromkeys(owners), most))
