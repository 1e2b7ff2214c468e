"""The officials' console under /quan-tri: its pages in one table, each behind the gate unless it is named public."""

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.console import rendering
from bot.console.gate import Gate
from bot.console.office import Office
from bot.console.pages import (
    account,
    announcement_enclosures,
    announcement_form,
    announcement_moves,
    announcement_page,
    announcements,
    audit_log,
    case_entry,
    case_export,
    case_moves,
    case_page,
    case_public,
    channel_health,
    counter,
    data_requests,
    deletion_log,
    events,
    home,
    joining,
    jury,
    jury_entry,
    officials,
    outlets,
    queue,
    quizzes,
    reply_templates,
    second_factor,
    sign_in,
)
from bot.console.security import HOME
from bot.console.visit import EVERY_OFFICIAL, Desk, Page, Section, Visit
from bot.guard import Guard, Pace
from bot.officials.passwords import Passwords
from bot.officials.rights import Right
from bot.officials.signing_in import Door
from bot.storage.database import StorageError

log = logging.getLogger(__name__)

CASES = (
    *queue.PAGES,
    *case_export.PAGES,
    *case_page.PAGES,
    *case_moves.PAGES,
    *case_public.PAGES,
    *case_entry.PAGES,
)
ANNOUNCEMENTS = (
    *announcements.PAGES,
    *announcement_form.PAGES,  # before the page of one: its addresses would be taken for a number
    *announcement_page.PAGES,
    *announcement_moves.PAGES,
    *announcement_enclosures.PAGES,
)
SECTIONS = (
    Section("Việc cần làm", "/", "work", EVERY_OFFICIAL, home.PAGES),
    Section("Phản ánh", "/phan-anh", "cases", Right.READ_CASES, CASES),
    Section("Thông báo", "/thong-bao", "announce", Right.WRITE_ANNOUNCEMENTS, ANNOUNCEMENTS),
    Section("Tiếp nhận", "/tiep-nhan", "counter", Right.RECEIVE_CASES, counter.PAGES),
    Section("Ấn phẩm", "/an-pham", "poster", Right.WRITE_ANNOUNCEMENTS, outlets.PAGES),
    Section("Mẫu trả lời", "/mau-tra-loi", "template", Right.EDIT_TEMPLATES, reply_templates.PAGES),
    Section("Sự kiện", "/su-kien", "calendar", Right.WRITE_ANNOUNCEMENTS, events.PAGES),
    Section("Thi tìm hiểu", "/thi-tim-hieu", "quiz", Right.WRITE_ANNOUNCEMENTS, quizzes.PAGES),
    Section("Thi sáng kiến", "/sang-kien", "idea", EVERY_OFFICIAL, (*jury.PAGES, *jury_entry.PAGES)),
    Section("Cán bộ", "/can-bo", "people", Right.MANAGE_OFFICIALS, officials.PAGES),
    Section("Yêu cầu dữ liệu", "/du-lieu", "shield", Right.HANDLE_DATA_REQUESTS, data_requests.PAGES),
    Section("Tình trạng kênh", "/tinh-trang", "pulse", Right.READ_AUDIT, channel_health.PAGES),
    Section("Nhật ký", "/nhat-ky", "log", Right.READ_AUDIT, (*audit_log.PAGES, *deletion_log.PAGES)),
    Section("Tài khoản", "/tai-khoan", "person", EVERY_OFFICIAL, (*account.PAGES, *second_factor.PAGES)),
)
PUBLIC: tuple[Page, ...] = (*sign_in.PUBLIC, *joining.PUBLIC)

TRIES_AT_ONCE, TRIES_PER_SECOND = 30, 0.2  # at signing in, from one address: an office shares one


def create(office: Office) -> Mount:
    """Return the console, to be put among the routes of the web application."""
    passwords = Passwords()
    door = Door(office.database, passwords, now=office.now)
    pace = Pace(burst=TRIES_AT_ONCE, per_second=TRIES_PER_SECOND)
    desk = Desk(office, door, passwords, rendering.environment(office.config), SECTIONS, pace)
    gate, trouble = Gate(desk), _Trouble(desk)
    app = Starlette(
        routes=[
            *(gate.public_route(page) for page in PUBLIC),
            *(gate.route(page) for section in SECTIONS for page in section.pages),
            Mount("/static", StaticFiles(directory=rendering.FOLDER / "static")),
        ],
        exception_handlers={
            404: trouble.not_found,
            405: trouble.not_found,
            StorageError: trouble.fault,
            Exception: trouble.fault,
        },
    )
    return Mount(HOME, Guard(app, ancestors="'none'"))


class _Trouble:
    """What somebody reads when there is no page, or none can be made."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def not_found(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return self._say(
            request, "Không có trang này", "Địa chỉ có thể đã gõ thiếu, hoặc trang đã được dời đi.", status
        )

    async def fault(self, request: Request, error: Exception) -> Response:
        if isinstance(error, StorageError):
            log.error("%s: %s", HOME, error)  # any other fault is logged by the application around this one
        words = (
            "Chương trình gặp trục trặc nên việc vừa làm có thể chưa được lưu; những gì đã lưu trước đó vẫn còn. "
            "Xin thử lại sau ít phút. Vẫn không được thì báo người phụ trách máy xem nhật ký chương trình."
        )
        return self._say(request, "Chưa làm được", words, 503)

    def _say(self, request: Request, title: str, words: str, status: int) -> Response:
        """Return the page without asking who it is for: the database may be what is broken."""
        response = Visit(self._desk, request, "", None).say(title, words, status)
        response.headers["cache-control"] = "no-store"
        return response
