"""What a platform pushes to us, read before it is trusted."""

import hashlib

from starlette.requests import Request

MOST_BODY_BYTES = 1024 * 1024  # events are a few kilobytes; pictures come as addresses
LONGEST_ID = 64  # as the tables inbox and people hold them; the platforms' own are shorter


class BodyTooLarge(Exception):
    """The body is larger than any event."""


async def body_of(request: Request) -> bytes:
    """Return the body as it came; raise BodyTooLarge as soon as it is, whatever length it claims to have."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BODY_BYTES:
            raise BodyTooLarge
        parts.append(part)
    return b"".join(parts)


def is_id(text: str) -> bool:
    """Tell whether a text can be the id of a chat or a message."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()


def key_of(text: str) -> str:
    """Return what an update is known by in the inbox: its own id where that can be one."""
    return text if is_id(text) else hashlib.sha256(text.encode(errors="replace")).hexdigest()
