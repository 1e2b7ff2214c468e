"""What kind of message a citizen writes: which case type, how surely, whether it is a report at all.

The machine that finds entries also sorts messages: example messages (messages.jsonl) with learned weights, and the
signs of sorting.toml on top.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.cases.model import CaseType
from bot.cases.signs import DANGER, NAMED, OFFICIAL, Signs
from knowledge import learning
from knowledge.answering import EMERGENCY, Answer, Assistant, Calibration, Outcome
from knowledge.corpus import Document
from knowledge.learning import Learned, Lesson
from knowledge.lexicon import Word
from knowledge.loading import Library
from knowledge.search import Index
from knowledge.understanding import MOST_WORDS, Vocabulary, read
from knowledge.vietnamese import clean

EXAMPLES = Path(__file__).parent / "messages.jsonl"
LEARNED = Path(__file__).parent / "messages.tsv.gz"

# All measured by cross-validation on the examples; docs/accuracy.md says how.
SIGNS_WORTH = 0.2  # of one point of a sign, beside the score of the nearest examples
LOWEST = -1.5  # the score of a type that no example speaks for
UNTOLD = -0.7  # a best score below it says nothing
DENOUNCES = -0.4  # the score of tố cáo from which a message may be one,
DENOUNCES_SOMEBODY = -0.6  # and where an official or a person is named,
ASKS = 1.0  # unless it is a question by this lead
TELLS = 0.25  # the lead over a question from which a message reports something
IN_DANGER = 0.2  # the lead over every type from which a message tells of an emergency
OWN_MATTER = 0.0  # what a piece of a message must score to be a matter of its own
SURELY = 0.5  # how sure the assistant must be of an emergency that the examples do not confirm

REMEMBERED = 1_000  # messages: every step of a draft asks again what its words are

_SENTENCE = re.compile(r"(?<=[.!?;\n])\s+|\n+")

# Kinds that one person says in one breath and one official answers.
_FAMILIES = {
    CaseType.PROPOSAL: CaseType.FEEDBACK,
    CaseType.SUGGESTION: CaseType.FEEDBACK,
    CaseType.GOOD_EXAMPLE: CaseType.PRAISE,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message that is a matter of its own."""

    text: str
    type: CaseType


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a message seems to be. `type` is None when nothing tells; `confidence` is from 0 to 1.

    `may_denounce`: guidance on tố cáo comes before anything else is asked or kept; set far more readily than the type,
    for a denunciation that is missed may give its author away. `parts` are the matters of different kinds in one
    message, at least two, or none (Luật Tiếp công dân 2013 Điều 25(3): each its own đơn).
    """

    type: CaseType | None
    confidence: float
    may_denounce: bool = False
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message, or a piece of one, as read: its words, its groups of phrases, its score for each type."""

    groups: set[str]
    scores: Mapping[CaseType, float]
    emergency: float

    @property
    def best(self) -> CaseType:
        return max(self.scores, key=self.scores.__getitem__)

    @property
    def lead(self) -> float:
        first, second, *_ = sorted(self.scores.values(), reverse=True)
        return first - second


class Sorter:
    """Sorts messages; holds no state of any conversation."""

    def __init__(self, assistant: Assistant, rows: Sequence[Document], learned: Learned) -> None:
        self._assistant = assistant
        self._signs = Signs.load()
        self._index = Index(rows, assistant.library.lexicon, weights=assistant.calibration.weights, learned=learned)
        said = (" ".join(phrase) for phrase in self._signs.phrases)
        self._vocabulary = Vocabulary([*(row.text for row in rows), *said])
        self._whole: Callable[[str], _Reading] = lru_cache(maxsize=REMEMBERED)(self._read_whole)
        self._sorted: Callable[[str], Suggestion] = lru_cache(maxsize=REMEMBERED)(self._sort)

    @classmethod
    def load(cls, assistant: Assistant) -> "Sorter":
        return cls(assistant, examples(assistant.library), Learned.load(LEARNED))

    def suggest(self, text: str) -> Suggestion:
        """Return what a message seems to be."""
        return self._sorted(text)

    def _sort(self, text: str) -> Suggestion:
        whole = self._whole(text)
        known = whole.scores[whole.best] >= UNTOLD
        return Suggestion(
            type=whole.best if known else None,
            confidence=_share(whole.lead) if known else 0.0,
            may_denounce=_may_denounce(whole),
            parts=self._parts(self._pieces(text)),
        )

    def wants_to_report(self, text: str) -> bool:
        """Tell whether a message tells of something, rather than asks how things are done."""
        whole = self._whole(text)
        best = whole.scores[whole.best]
        return best >= UNTOLD and best - whole.scores[CaseType.QUESTION] >= TELLS

    def is_emergency(self, text: str, *, answer: Answer | None = None) -> bool:
        """Tell of danger to life: by words that say so, by the examples, or by the assistant's answer.

        An answer that was found already is not looked for again.
        """
        whole = self._whole(text)
        if DANGER in whole.groups or whole.emergency > whole.scores[whole.best] + IN_DANGER:
            return True
        answer = answer or self._assistant.answer(text)
        return answer.outcome is Outcome.EMERGENCY and answer.score >= SURELY

    def _pieces(self, text: str) -> list[str]:
        sentences = (clean(sentence) for sentence in _SENTENCE.split(text))
        return [p for sentence in sentences for p in self._signs.joiner.split(sentence) if p.strip()]

    def _words(self, piece: str) -> list[Word]:
        """Return the words of a piece however long it is; what stands late in it may matter most."""
        typed = piece.split()
        runs = (" ".join(typed[i : i + MOST_WORDS]) for i in range(0, len(typed), MOST_WORDS))
        return [word for run in runs for word in read(run, self._assistant.library.lexicon, self._vocabulary)]

    def _read_whole(self, text: str) -> _Reading:
        return self._read(self._pieces(text))

    def _read(self, pieces: Sequence[str]) -> _Reading:
        rows = [self._words(piece) for piece in pieces]
        groups: set[str] = set().union(*(self._signs.groups(p, row) for p, row in zip(pieces, rows, strict=True)))
        hits = self._index.search([word for row in rows for word in row], limit=len(CaseType) + 1).hits
        near = {hit.owner: hit.score for hit in hits}
        signs = self._signs.scores(groups)
        scores = {kind: near.get(kind, LOWEST) + SIGNS_WORTH * signs[kind] for kind in CaseType}
        return _Reading(groups, scores, near.get(EMERGENCY, LOWEST))

    def _parts(self, pieces: Sequence[str]) -> tuple[Part, ...]:
        parts: list[Part] = []
        for piece in pieces if len(pieces) > 1 else ():
            found = self._read([piece])
            best = found.best
            if parts and (found.scores[best] < OWN_MATTER or _family(best) is _family(parts[-1].type)):
                parts[-1] = Part(f"{parts[-1].text} {piece}", parts[-1].type)
            else:
                parts.append(Part(piece, best))
        return tuple(parts) if len({_family(part.type) for part in parts}) > 1 else ()


def examples(library: Library) -> list[Document]:
    """Return the example messages with their types, and the assistant's own examples of emergencies."""
    lines = (json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines())
    rows = [Document(line["type"], line["text"]) for line in lines]
    talk = library.smalltalk.items()
    return rows + [Document(EMERGENCY, text) for key, texts in talk if key.startswith(EMERGENCY) for text in texts]


def lessons(rows: Sequence[Document], index: Index) -> list[Lesson]:
    """Return the examples as they are learned from."""
    return [index.lesson(row.owner, row.text, counts=1.0) for row in rows]


def learn(library: Library) -> Learned:
    """Return weights learned from the examples (needs scikit-learn); a few seconds of work."""
    rows = examples(library)
    index = Index(rows, library.lexicon, weights=Calibration.load().weights)
    return learning.learn(lessons(rows, index), index.idf)


def _may_denounce(whole: _Reading) -> bool:
    names_somebody = not whole.groups.isdisjoint({OFFICIAL, NAMED})
    score = whole.scores[CaseType.DENUNCIATION]
    asks = whole.scores[CaseType.QUESTION] - score > ASKS
    return score > (DENOUNCES_SOMEBODY if names_somebody else DENOUNCES) and not asks


def _family(kind: CaseType) -> CaseType:
    return _FAMILIES.get(kind, kind)


def _share(lead: float) -> float:
    return 1 / (1 + math.exp(-2 * lead))
