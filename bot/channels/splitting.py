"""Texts in parts that a platform takes, cut where it hurts least."""

_GAPS = ("\n\n", "\n", " ")  # between paragraphs, else lines, else words, else letters


def units(text: str) -> int:
    """Return the length in UTF-16 code units, so an emoji is 2: as Telegram counts, and never fewer than others do."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Return the text in parts of at most `limit` units.

    No part is blank unless the text is: platforms refuse a blank message.
    """
    parts = _packed(text, _GAPS, limit)
    return [part for part in parts if part.strip()] or parts[:1]


def _packed(text: str, gaps: tuple[str, ...], limit: int) -> list[str]:
    if units(text) <= limit:
        return [text]
    if not gaps:
        return _cut(text, limit)
    parts, current = [], ""
    for piece in text.split(gaps[0]):
        joined = f"{current}{gaps[0]}{piece}" if current else piece
        if units(joined) <= limit:
            current = joined
            continue
        parts += [current] if current else []
        *whole, current = _packed(piece, gaps[1:], limit)
        parts += whole
    return [*parts, current]


def _cut(text: str, limit: int) -> list[str]:
    pieces = []
    while units(text) > limit:
        end = limit
        while units(text[:end]) > limit:
            end -= 1
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]
