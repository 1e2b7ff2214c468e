"""Lists by pages. A list's address holds its filters, so that it can be sent to a colleague."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

PAGE = "trang"
SIZE = 50
LAST_PAGE = 2_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """One page of a list, with the addresses of the pages beside it; "" where there is none."""

    items: Sequence[Item]
    page: int
    newer: str
    older: str


def offset(request: Request) -> int:
    """Return how many rows are before the page that is asked for."""
    return (_page(request) - 1) * SIZE


def listed(request: Request, found: Sequence[Item]) -> Listed[Item]:
    """Return the page that is asked for, of rows queried from `offset` on with a limit of SIZE + 1."""
    page = _page(request)
    newer = _address(request, page - 1) if page > 1 else ""
    older = _address(request, page + 1) if len(found) > SIZE and page < LAST_PAGE else ""
    return Listed(found[:SIZE], page, newer, older)


def asked(request: Request, name: str) -> str:
    """Return one field of a filter; "" when it does not matter."""
    return request.query_params.get(name, "").replace("\x00", "").strip()[:64]  # PostgreSQL takes no NUL


def asked_day(request: Request, name: str) -> date | None:
    """Return a day of a filter; None when it does not matter or is no day."""
    try:
        return date.fromisoformat(asked(request, name))
    except ValueError:
        return None


def _page(request: Request) -> int:
    value = asked(request, PAGE)
    return min(LAST_PAGE, max(1, int(value))) if value.isascii() and value.isdecimal() and len(value) < 6 else 1


def _address(request: Request, page: int) -> str:
    query = [(name, value) for name, value in request.query_params.multi_items() if name != PAGE]
    return "?" + urlencode([*query, (PAGE, page)])
