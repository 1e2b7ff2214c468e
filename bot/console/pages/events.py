"""Sự kiện: planning conferences and classes, who comes, the list to take along."""

from collections.abc import Mapping

from starlette.responses import Response

from bot.console import case_words, listing, typed
from bot.console.visit import Page, Visit
from bot.events import planning, sheets, words
from bot.events.planning import Action
from bot.officials.refused import Missing, Refused
from bot.officials.rights import Right
from bot.storage import events
from bot.storage.events import Event, Place, Plan

PLACE = "/su-kien"
FIELDS = ("name", "place", "starts_at", "ends_at", "sign_up_until", "seats", "details", "announcement")
STANDINGS = {Place.COMING: "tham dự", Place.WAITING: "chờ có chỗ"}
HEAD = ("STT", "Họ tên", "Kênh", "Đăng ký", "Lúc đăng ký", "Ký tên")


async def everything(visit: Visit) -> Response:
    """All events, the latest first."""
    limit, offset = listing.SIZE + 1, listing.offset(visit.request)
    async with visit.database.transaction() as transaction:
        found = await events.page(transaction, offset=offset, limit=limit)
        waiting = await events.waiting(transaction, [event.id for event in found])
    listed = listing.listed(visit.request, found)
    return visit.show("events.html", list=listed, waiting=waiting, when=words.when, now=visit.now())


async def new(visit: Visit) -> Response:
    """The form of a new event."""
    return _form(visit, dict.fromkeys(FIELDS, ""))


async def one(visit: Visit) -> Response:
    """An event and who signed up."""
    return await _shown(visit)


async def _shown(visit: Visit, refused: Refused | None = None) -> Response:
    async with visit.database.transaction() as transaction:
        event = await events.get(transaction, visit.number("event"))
        if event is None:
            return _missing(visit)
        listed = await events.signed_up(transaction, event.id)
    return visit.show(
        "event.html",
        refused=refused,
        event=event,
        listed=listed,
        when=words.when(event),
        standings=STANDINGS,
        channels=case_words.CHANNELS,
        can_change=event.cancelled_at is None and event.starts_at > visit.now(),
        public=visit.office.config.web.public_url.rstrip("/"),
    )


async def edit(visit: Visit) -> Response:
    """The form of an event as it stands."""
    async with visit.database.transaction() as transaction:
        event = await events.get(transaction, visit.number("event"))
    return _form(visit, _written(event), number=event.id) if event else _missing(visit)


async def save(visit: Visit) -> Response:
    """Keep an event, new or changed; those signed up hear of another time or place."""
    number = visit.number("event")
    try:
        plan = _plan(visit)
        async with visit.database.transaction() as transaction:
            if number:
                is_moved = await planning.change(transaction, number, plan, visit.office.texts, now=visit.now())
            else:
                number, is_moved = await planning.create(transaction, plan, now=visit.now()), False
            await visit.record(transaction, Action.SAVED, f"SK-{number}")
    except Missing:
        return _missing(visit)
    except Refused as refused:
        given = {name: visit.typed(name) for name in FIELDS}
        return _form(visit, given, refused, number=number)
    told = " Những người đã đăng ký được báo giờ và nơi mới." if is_moved else ""
    return visit.go(f"{PLACE}/{number}", f"Đã lưu sự kiện.{told}")


async def cancel(visit: Visit) -> Response:
    """Cancel an event and tell those who signed up."""
    try:
        async with visit.database.transaction() as transaction:
            event = await planning.cancel(transaction, visit.number("event"), visit.office.texts, now=visit.now())
            await visit.record(transaction, Action.CANCELLED, f"SK-{event.id}")
    except Missing:
        return _missing(visit)
    except Refused as refused:
        return await _shown(visit, refused)
    return visit.go(f"{PLACE}/{event.id}", "Đã hủy sự kiện và báo những người đã đăng ký.")


async def export(visit: Visit) -> Response:
    """The list of an event as a workbook."""
    async with visit.database.transaction() as transaction:
        event = await events.get(transaction, visit.number("event"))
        if event is None:
            return _missing(visit)
        listed = await events.signed_up(transaction, event.id)
        await visit.record(transaction, Action.LIST_TAKEN, f"SK-{event.id}", count=len(listed))
    rows = [
        (
            number,
            one.name or "(không cho biết tên)",
            case_words.CHANNELS.get(one.channel, one.channel),
            STANDINGS[one.state],
            f"{one.signed_at:%d/%m/%Y %H:%M}",
            "",
        )
        for number, one in enumerate(listed, 1)
    ]
    return typed.workbook(sheets.book("Danh sách", HEAD, rows, wide=(1,)), f"su-kien-{event.id}")


def _plan(visit: Visit) -> Plan:
    return Plan(
        name=visit.typed("name"),
        place=visit.typed("place"),
        details=visit.typed("details"),
        starts_at=typed.moment(visit.typed("starts_at"), "starts_at"),
        ends_at=typed.moment(visit.typed("ends_at"), "ends_at"),
        sign_up_until=typed.moment(visit.typed("sign_up_until") or visit.typed("starts_at"), "sign_up_until"),
        seats=typed.number(visit.typed("seats"), "seats"),
        announcement_id=typed.number(visit.typed("announcement"), "announcement"),
    )


def _written(event: Event) -> Mapping[str, str]:
    moments = {name: typed.shown(getattr(event, name)) for name in ("starts_at", "ends_at", "sign_up_until")}
    numbers = {"seats": str(event.seats or ""), "announcement": str(event.announcement_id or "")}
    return {"name": event.name, "place": event.place, "details": event.details, **moments, **numbers}


def _form(visit: Visit, given: Mapping[str, str], refused: Refused | None = None, *, number: int = 0) -> Response:
    return visit.show("event_form.html", refused=refused, typed=given, number=number)


def _missing(visit: Visit) -> Response:
    return visit.say("Không có sự kiện này", "Địa chỉ có thể đã gõ thiếu.", 404)


WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page(PLACE, everything, WRITE),
    Page(f"{PLACE}/moi", new, WRITE),
    Page(f"{PLACE}/moi", save, WRITE, "POST"),
    Page(f"{PLACE}/{{event}}", one, WRITE),
    Page(f"{PLACE}/{{event}}/sua", edit, WRITE),
    Page(f"{PLACE}/{{event}}/sua", save, WRITE, "POST"),
    Page(f"{PLACE}/{{event}}/huy", cancel, WRITE, "POST"),
    Page(f"{PLACE}/{{event}}/danh-sach.xlsx", export, WRITE),
)
