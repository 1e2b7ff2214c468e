"""The few lines of an announcement that matter most: when and where. For posters, and to be read out twice."""

import re
from collections.abc import Iterator

from bot.broadcasting import rendering
from bot.messages import plain

MOST_FACTS = 3
CUT = "…"

_LABEL = re.compile(r"(?:thời gian|địa điểm|thời hạn|hạn|nơi|lúc|tại|ngày|giờ)\b[^.]*:", re.IGNORECASE)
_WHEN = re.compile(
    r"\d{1,2}\s?(?:[hg]\b|[hg]\d\d|giờ)|\b\d{1,2}:\d\d\b|\b\d{1,2}/\d{1,2}(?:/\d{4})?\b|\bngày\s+\d", re.I
)
_PAUSE = re.compile(r"(?<=[\w)”][.!?])\s+")
_MARK = re.compile(r"^\s*(?:- |\d{1,2}\. )")


def sentences(body: str) -> list[str]:
    """Return an announcement's sentences without the marks of lists."""
    lines = (_MARK.sub("", plain(line), count=1) for line in rendering.words(body))
    return [part.strip() for line in lines for part in _apart(line) if part.strip()]


def _apart(line: str) -> Iterator[str]:
    """Yield the sentences of a line; after "TP." and before a small letter none ends."""
    begin = 0
    for pause in _PAUSE.finditer(line):
        if not line[pause.start() - 2].isupper() and line[pause.end() : pause.end() + 1].isupper():
            yield line[begin : pause.start()]
            begin = pause.end()
    yield line[begin:]


def facts(body: str) -> list[str]:
    """Return the sentences that say when or where, at most MOST_FACTS, in their order."""
    return [said for said in sentences(body) if _LABEL.match(said) or _WHEN.search(said)][:MOST_FACTS]


def lines(body: str, *, most: int, longest: int) -> list[str]:
    """Return at most so many lines for a poster: when and where, and what stands first besides; long ones cut."""
    said, named = sentences(body), facts(body)
    others = [line for line in said if line not in named][: max(0, most - len(named))]
    return [_cut(line, longest) for line in said if line in named or line in others][:most]


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else line[:longest].rpartition(" ")[0] + CUT
