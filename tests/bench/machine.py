"""What the figures were measured on, and how much memory a process holds."""

import os
import platform
import sqlite3
import subprocess
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bot.clock import ZONE

ROOT = Path(__file__).parents[2]
LIBRARIES = ("RapidFuzz", "SQLAlchemy", "starlette", "uvicorn", "rank-bm25", "httpx")


def describe() -> list[tuple[str, str]]:
    """Return machine, versions, date, command and commit, as rows."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{busy:.1f}" for busy in os.getloadavg())
    return [
        ("date", f"{datetime.now(ZONE):%Y-%m-%d %H:%M %Z}"),
        ("command", " ".join(("python -m tests.bench", *sys.argv[1:]))),
        ("commit", _commit()),
        ("machine", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("processor", f"{_processor()}, {os.cpu_count()} cores; load before the run {load} (1, 5, 15 minutes)"),
        ("memory", f"{memory:.0f} GiB"),
        ("Python", f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"),
        ("libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES)),
    ]


def memory(process: int | str = "self") -> tuple[float, float]:
    """Return the resident memory of a process now and at its peak, in MB; Linux only."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="ignore")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return _megabytes(fields["VmRSS"]), _megabytes(fields["VmHWM"])


def _megabytes(field: str) -> float:
    return int(field.split(maxsplit=1)[0]) / 1024


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _commit() -> str:
    changed = " with uncommitted changes" if _git("status", "--porcelain") else ""
    return (_git("rev-parse", "--short", "HEAD") or "unknown") + changed


def _git(*arguments: str) -> str:
    found = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip()
