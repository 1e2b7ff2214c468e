"""Secrets that we hand out: long random words, of which only the hash is kept."""

import hashlib
import secrets

BYTES = 32
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when written down


def new() -> str:
    """Return a token for a cookie or an address: 43 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(BYTES)


def readable(groups: int) -> str:
    """Return a secret to be written down or typed: groups of four, 19.8 bits each."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))


def digest(token: str) -> str:
    """Return what is kept of a token: a stolen database opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def typed(token: str) -> str:
    """Return a readable secret as it was made, however it was typed in."""
    bare = "".join(sign for sign in token.lower() if sign.isalnum())
    return "-".join(bare[i : i + 4] for i in range(0, len(bare), 4))
