"""Made-up entries and questions, the same in every run: shipped phrasings bent towards matters and places of our own.

Each entry is a matter (words cut from two shipped phrasings) at an office in a place that does not exist; its
phrasings are shipped phrasings of one entry with the matter and the office put in. They have the words, lengths and
repetitions of the real ones, so they cost what real ones would; how often they are found says nothing of real ones.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.corpus import Document
from knowledge.loading import Library
from knowledge.vietnamese import fold, words

SEED = 20261122
PHRASINGS = 3
DROPPED = 0.25  # of a generated question's words
ALPHABET = "abcdeghiklmnopqrstuvxy"
OFFICES = ("thôn", "tổ", "khu", "ấp", "trạm", "phòng", "đội", "chợ", "trường", "kho", "bến", "xưởng")
ONSETS = ("b", "ch", "d", "đ", "h", "kh", "l", "m", "n", "nh", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x")
RIMES = (
    "ài", "ạn", "áng", "ão", "ảy", "âm", "ẩn", "ất", "ầu", "em", "én", "ẹt", "êu", "ến", "ỉnh", "iêm", "iến", "iệt",
    "im", "oan", "oạt", "oi", "ọc", "ông", "ội", "ơn", "ợi", "ung", "uân", "uyên", "uyết", "ưng", "ược", "ươi", "ường",
)  # fmt: skip


class Asked(NamedTuple):
    """A generated question and the entry it was made from."""

    say: str
    owner: str


@dataclass(frozen=True, slots=True)
class _Shipped:
    """What is cut up: all phrasings as words, and those of each entry that has enough of them."""

    phrasings: Sequence[Sequence[str]]
    by_entry: Sequence[Sequence[Sequence[str]]]


def entries(library: Library, count: int) -> list[Document]:
    """Return the phrasings of `count` made-up entries."""
    chance = random.Random(SEED)
    by_entry = [[words(q) for q in e.questions if len(words(q)) >= 4] for e in library.entries.values()]
    shipped = _Shipped([p for ps in by_entry for p in ps], [ps for ps in by_entry if len(ps) >= PHRASINGS])
    return [Document(f"made-up-{i}", text) for i in range(count) for text in _phrasings(chance, shipped)]


def _phrasings(chance: random.Random, shipped: _Shipped) -> Iterator[str]:
    matter = [*_cut(chance, chance.choice(shipped.phrasings), 2), *_cut(chance, chance.choice(shipped.phrasings), 2)]
    office = [chance.choice(OFFICES), _syllable(chance), _syllable(chance)]
    for frame in chance.sample(chance.choice(shipped.by_entry), PHRASINGS):
        start = chance.randrange(len(frame) // 2)
        yield " ".join([*frame[:start], *matter, *frame[start + 4 : 10], *office])


def _cut(chance: random.Random, phrasing: Sequence[str], size: int) -> Sequence[str]:
    start = chance.randrange(len(phrasing) - size + 1)
    return phrasing[start : start + size]


def _syllable(chance: random.Random) -> str:
    return chance.choice(ONSETS) + chance.choice(RIMES)


def questions(rows: Sequence[Document], count: int) -> dict[str, list[Asked]]:
    """Return `count` questions of each style made from the rows' phrasings, a quarter of the words left out."""
    chance = random.Random(SEED + 1)
    clean = [Asked(_shortened(chance, row.text), row.owner) for row in chance.choices(rows, k=count)]
    unmarked = [Asked(fold(asked.say), asked.owner) for asked in clean]
    mistyped = [Asked(_mistyped(chance, asked.say), asked.owner) for asked in unmarked]
    return {"clean": clean, "without marks": unmarked, "without marks, one typo": mistyped}


def _shortened(chance: random.Random, text: str) -> str:
    said = text.split()
    kept = sorted(chance.sample(range(len(said)), max(3, round(len(said) * (1 - DROPPED)))))
    return " ".join(said[i] for i in kept)


def _mistyped(chance: random.Random, text: str) -> str:
    """Return the text with one letter of its letters left out, doubled, changed or swapped with the next."""
    said = text.split()
    i = max(range(len(said)), key=lambda i: (said[i].isalpha() and len(said[i]) > 3, chance.random()))
    word, at = said[i], chance.randrange(max(1, len(said[i]) - 1))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    wrong = (after, letter * 2 + after, chance.choice(ALPHABET) + after, after[:1] + letter + after[1:])
    return " ".join([*said[:i], before + chance.choice(wrong), *said[i + 1 :]])
