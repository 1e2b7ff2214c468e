"""The copy of the sending mark that lies outside the database, so that a restored database is noticed.

Why and how: docs/decisions/0009-a-restored-database-asks.md.
"""

import fcntl
import hashlib
import os
from pathlib import Path

FOLDER = Path("data")


def path_for(url: str) -> Path:
    """Return where the copy of a database's mark lies: beside an SQLite file, else in the folder of data."""
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///") + ".da-gui")
    return FOLDER / f"{hashlib.sha256(url.rpartition('@')[2].encode()).hexdigest()[:12]}.da-gui"


class Mark:
    """The file that holds the highest mark we sent under. Several processes of one machine may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int | None:
        """Return the mark, None when there is none that can be read."""
        try:
            text = self._path.read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return None
        return int(text) if text.isdecimal() else None

    def raise_to(self, mark: int) -> None:
        """Write the mark unless a higher one stands there; it is on the disk when this returns (else OSError)."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            found = os.read(handle, 32).strip()
            if not found.isdigit() or int(found) < mark:
                os.pwrite(handle, f"{mark:020d}\n".encode(), 0)  # one length always: never half an old number
                os.fsync(handle)
        finally:
            os.close(handle)


def is_restored(in_database: int, outside: int | None) -> bool:
    """Tell whether a database is older than what was sent: it stands behind the copy, or the copy is not there.

    A database that never sent anything needs no copy.
    """
    if outside is None:
        return in_database > 0
    return in_database < outside
