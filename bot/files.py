"""Files that citizens and officials send, kept on disk by their content."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is kept: `digest` is the SHA-256 of the kept bytes, `name` is safe to show, `size` in bytes."""

    digest: str
    name: str
    media_type: str
    size: int
