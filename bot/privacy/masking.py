"""A case's words without the person they came from."""

import re
from collections.abc import Iterable, Sequence

from bot.redaction import redact
from knowledge.vietnamese import fold, fold_word

MASK = "[đã che]"
_TITLES = ("ba", "ong", "co", "chi", "anh", "chu", "bac", "em", "chau", "la", "ten")  # before a given name
_WORD = re.compile(r"\w+")


def mask(text: str, hidden: Iterable[str]) -> str:
    """Return `text` with numbers, addresses and passwords masked, and each name or place of `hidden` however written.

    A given name alone is masked behind a title ("bà Lan"): elsewhere it may be a word or a thôn.
    """
    masked = text
    for phrase in hidden:
        masked = _without(masked, fold(phrase).split())
    return redact(masked)


def _without(text: str, words: Sequence[str]) -> str:
    if not words:
        return text
    found = list(_WORD.finditer(text))
    folded = [fold_word(match[0].lower()) for match in found]
    spans = [
        (found[n].start(), found[n + len(words) - 1].end())
        for n in range(len(found) - len(words) + 1)
        if len(words) > 1 and folded[n : n + len(words)] == list(words)
    ]
    spans += [
        found[n].span()
        for n in range(1, len(found))
        if folded[n] == words[-1] and found[n][0][0].isupper() and folded[n - 1] in _TITLES
    ]
    return _cut(text, sorted(spans))


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    parts, end = [], 0
    for start, stop in spans:
        if start >= end:
            parts += [text[end:start], MASK]
        end = max(end, stop)
    return "".join((*parts, text[end:]))
