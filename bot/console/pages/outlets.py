"""Ấn phẩm: one announcement for the portal, the loudspeakers, posters and leaflets; how many came by which poster."""

from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.responses import Response

from bot.broadcasting import article, highlights, placing, radio
from bot.broadcasting.placing import Action
from bot.console import listing, sheets
from bot.console.visit import Page, Visit
from bot.officials.refused import Missing, Refused
from bot.officials.rights import Right
from bot.storage import announcements, articles, posters
from bot.storage.announcements import Announcement, State
from bot.storage.posters import Poster

PLACE = "/thong-bao/{announcement}/an-pham"
PUBLIC = "/thong-bao"  # on the citizens' side
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Paper:
    """One size of print: how many lines fit on it, and how long each may be."""

    name: str
    lines: int
    longest: int


PAPERS = {"a4": Paper("Áp phích A4", 6, 160), "a5": Paper("Tờ rơi A5", 10, 200)}

DOUBTS = {
    State.DRAFT: "Thông báo này chưa được duyệt, lời còn có thể đổi: xin đừng in, đừng đọc trước khi duyệt.",
    State.CANCELLED: "Thông báo này đã hủy: xin đừng in, đừng đọc, và gỡ những tờ đã treo.",
}


async def everything(visit: Visit) -> Response:
    """How many came by each poster, and the announcements to make something of."""
    since, until = listing.asked_day(visit.request, "tu"), listing.asked_day(visit.request, "den")
    async with visit.database.transaction() as transaction:
        tallies = await posters.tallies(transaction, since=since, until=until)
        written = await announcements.listed(transaction, states=set(State) - {State.CANCELLED}, limit=SHOWN)
    return visit.show("posters.html", tallies=tallies, written=written, since=since, until=until)


async def one(visit: Visit) -> Response:
    """What can be made of one announcement."""
    return await _shown(visit)


async def _shown(visit: Visit, *, typed: str = "", refused: Refused | None = None) -> Response:
    async with visit.database.transaction() as transaction:
        found = await announcements.find(transaction, visit.number("announcement"))
        if found is None:
            raise Missing("Thông báo này không có.")
        is_public = await articles.find(transaction, found.id) is not None
        tallies = await posters.tallies(transaction, announcement=found.id)
    return visit.show(
        "outlets.html",
        refused=refused,
        a=found,
        is_public=is_public,
        doubt=DOUBTS.get(found.state, ""),
        pasted=_portal(found),
        script=_script(visit, found),
        tallies=tallies,
        papers=PAPERS,
        typed=typed,
        most=placing.LONGEST_PLACE,
        has_address=bool(visit.office.config.web.public_url),
    )


async def portal(visit: Visit) -> Response:
    """The article as a file of HTML."""
    found = await _found(visit)
    return _file(_portal(found).encode(), f"thong-bao-{found.id}.html", "text/html; charset=utf-8")


def _portal(found: Announcement) -> str:
    """Return the article with its title, to be put into another site's page."""
    return f"{Markup('<h2>{}</h2>').format(found.title)}\n{article.html(found.body)}"


async def script(visit: Visit) -> Response:
    """The script of the loudspeakers as a Word document."""
    found = await _found(visit)
    paper = radio.document(_script(visit, found), found.title, visit.office.config.unit)
    return _file(paper, f"ban-tin-truyen-thanh-{found.id}.docx", DOCX)


def _script(visit: Visit, found: Announcement) -> radio.Script:
    return radio.script(found, visit.office.texts, visit.office.config.unit)


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, headers={"content-disposition": f'attachment; filename="{name}"'}, media_type=kind)


async def add(visit: Visit) -> Response:
    """Name a place where a poster is to hang."""
    found, typed = await _found(visit), visit.typed("place")
    try:
        async with visit.database.transaction() as transaction:
            made = await placing.add(transaction, found.id, typed, now=visit.now())
            await visit.record(transaction, Action.ADDED, made.code, noi=made.place)
    except Refused as refused:
        return await _shown(visit, typed=typed, refused=refused)
    return visit.go(f"{_home(found.id)}#noi-treo", f"Đã thêm nơi treo “{made.place}”.")


async def remove(visit: Visit) -> Response:
    """Forget a place by whose poster nobody came yet."""
    number = visit.number("announcement")
    poster = await _poster(visit, visit.request.path_params["code"])
    async with visit.database.transaction() as transaction:
        if poster is None or not await posters.remove(transaction, poster.code, announcement=number):
            raise Refused("Nơi này đã có người quét mã nên phải giữ lại, hoặc ai đó vừa bỏ rồi.")
        await visit.record(transaction, Action.REMOVED, poster.code, noi=poster.place)
    return visit.go(f"{_home(number)}#noi-treo", f"Đã bỏ nơi treo “{poster.place}”.")


async def printed(visit: Visit) -> Response:
    """A poster or leaflet for one place, to be printed by the browser; its lines are those of the form above it."""
    query = visit.request.query_params
    paper = PAPERS.get(query.get("kho", ""), PAPERS["a4"])
    found, poster = await _found(visit), await _poster(visit, query.get("noi", ""))
    if poster is None:
        raise Missing("Chưa có nơi treo này. Xin quay lại và thêm nơi treo trước.")
    typed = [" ".join(line.split())[: paper.longest] for line in query.get("dong", "").splitlines()]
    lines = list(filter(None, typed)) or highlights.lines(found.body, most=paper.lines, longest=paper.longest)
    size, shown = sheets.fitted(found.title, lines[: paper.lines])
    address = f"{_base(visit)}/d/{poster.code}"
    drawn = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, dark="#000", light="#fff")
    return visit.show(
        "poster.html",
        a=found,
        poster=poster,
        papers=PAPERS,
        chosen=next(key for key, value in PAPERS.items() if value is paper),
        paper=paper,
        lines=shown,
        left_out=len(lines) - len(shown),
        size=size,
        address=address.partition("://")[2],
        qr=Markup(drawn),  # noqa: S704
        u=visit.office.config.unit,
        has_address=bool(visit.office.config.web.public_url),
    )


async def _found(visit: Visit) -> Announcement:
    async with visit.database.transaction() as transaction:
        found = await announcements.find(transaction, visit.number("announcement"))
    if found is None:
        raise Missing("Thông báo này không có.")
    return found


async def _poster(visit: Visit, code: str) -> Poster | None:
    """Return a poster of the announcement in the address; another's is none."""
    async with visit.database.transaction() as transaction:
        poster = await posters.find(transaction, code)
    return poster if poster and poster.announcement == visit.number("announcement") else None


def _base(visit: Visit) -> str:
    base = visit.office.config.web.public_url or str(visit.request.base_url.replace(path=""))
    return base.rstrip("/")


def _home(number: int) -> str:
    return PLACE.format(announcement=number)


WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page("/an-pham", everything, WRITE),
    Page(PLACE, one, WRITE),
    Page(f"{PLACE}/bai-dang.html", portal, WRITE),
    Page(f"{PLACE}/ban-tin.docx", script, WRITE),
    Page(f"{PLACE}/to-in", printed, WRITE),
    Page(f"{PLACE}/noi", add, WRITE, "POST"),
    Page(f"{PLACE}/noi/{{code}}/bo", remove, WRITE, "POST"),
)
