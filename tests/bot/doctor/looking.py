"""What the doctor finds, one by one."""

from datetime import datetime

from bot.doctor.findings import Finding, Verdict
from tests.conftest import NOW

WELL, LOOK, BROKEN = Verdict.WELL, Verdict.LOOK, Verdict.BROKEN


def now() -> datetime:
    return NOW


def one(found: list[Finding], what: str) -> Finding:
    """Return the one finding about something; what is not well says what to do."""
    assert all(finding.remedy for finding in found if finding.verdict is not WELL)
    (finding,) = (finding for finding in found if finding.what == what)
    return finding
