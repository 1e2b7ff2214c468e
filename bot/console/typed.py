"""Moments, days and numbers typed into a form: read, or refused beside their field."""

from datetime import date, datetime

from starlette.responses import Response

from bot.clock import ZONE
from bot.files.model import XLSX
from bot.officials.refused import Refused

YEARS = range(2020, 2100)


def moment(text: str, field: str) -> datetime:
    """Return the moment of a field of kind datetime-local, in Viet Nam."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or found.year not in YEARS:
        raise Refused("Chọn ngày và giờ, ví dụ 25/11/2026 8:00.", field=field)
    return found.replace(tzinfo=ZONE)


def day(text: str, field: str) -> date:
    """Return the day of a field of kind date."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise Refused("Chọn ngày, ví dụ 25/11/2026.", field=field)
    return found


def number(text: str, field: str) -> int | None:
    """Return a whole number; None for an empty field."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused("Xin gõ một số, hoặc để trống.", field=field)
    return int(text)


def shown(at: datetime) -> str:
    """Return a moment as a field of kind datetime-local takes it."""
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"


def workbook(content: bytes, name: str) -> Response:
    """Return a workbook to be kept under a name."""
    return Response(
        content, media_type=XLSX.media_type, headers={"content-disposition": f'attachment; filename="{name}.xlsx"'}
    )
