"""One announcement: what citizens will see, where it stands, what to do next; sending as it goes on; the proof."""

import tempfile
from datetime import timedelta
from pathlib import Path

from starlette.responses import Response

from bot.broadcasting import composing, costs, drafting, enclosing, moments, progress, proof
from bot.broadcasting.moments import Moment, Way
from bot.console import announcement_words as words
from bot.console import workbooks
from bot.console.pages.announcement_form import previews
from bot.console.pages.announcement_sheet import existing
from bot.console.pages.announcements import NEWSDESK, contents, forms
from bot.console.visit import Page, Visit
from bot.health import NAMES
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import announcement_lists, announcements, audience, official_chats, officials
from bot.storage.announcements import Announcement, State

AGAIN = ("uncertain", "failed", "refused", "skipped")
SHOWN = ("delivered", "pending", "uncertain", "failed", "refused", "gone", "skipped")
WAYS = {way: word for way, word in moments.WAYS.items() if way is not Way.LATER} | {Way.NOW: "Ngay bây giờ"}
OUTCOMES = {name: proof.OUTCOMES[name] for name in SHOWN}


async def one(visit: Visit) -> Response:
    """Everything about an announcement, and the buttons that this official may press now."""
    return await shown(visit)


async def shown(visit: Visit, refused: Refused | None = None, moment: Moment | None = None) -> Response:
    """Return the page; `moment` is that of a form which could not be taken."""
    async with visit.database.transaction() as transaction:
        seen = await existing(transaction, visit)
        corrected = await announcements.find(transaction, seen.corrects) if seen.corrects else None
        so_far = await progress.look(transaction, seen, now=visit.now())
        people = await audience.count(transaction, seen)
        cost = await costs.on_zalo(transaction, seen, visit.office.config.zalo_oa, now=visit.now())
        message = await composing.message(transaction, seen, visit.office.texts, now=visit.now())
        history = await announcements.history(transaction, seen.id)
        occurrences = await announcement_lists.of_series(transaction, seen.id)
        chats = await official_chats.of(transaction, visit.official.id)
        names = {account.name: account.full_name for account in await officials.everyone(transaction)}
    is_own = seen.author.casefold() == visit.official.name.casefold()
    return visit.show(
        "announcement.html",
        refused=refused,
        now=visit.now(),
        one=seen,
        standing=words.standing(seen),
        corrected=corrected,
        progress=so_far,
        outcomes=OUTCOMES,
        left=_lasting(so_far.left),
        people=people,
        cost=costs.told(cost, visit.office.config.zalo_oa) if cost else (),
        history=history,
        happened=words.happened,
        names=names,
        occurrences=occurrences,
        chats=chats,
        previews=previews(visit, seen, message),
        files=message.files,
        most_files=enclosing.MOST_FILES,
        warnings=drafting.remarks(seen, now=visit.now()),
        channels=NAMES,
        topics=visit.office.config.announcements.topic_names,
        contents=contents(),
        forms=forms(),
        when=moments.said,
        moment=moment or moments.of_plan(seen.plan),
        ways=WAYS,
        weekdays=moments.WEEKDAYS,
        last_day=moments.LAST_SAFE_DAY,
        may_decide=visit.official.may(Right.APPROVE_ANNOUNCEMENTS),
        may_approve=not (is_own and visit.office.config.announcements.two_person),
        may_edit=State.DRAFT in announcements.MOVES[seen.state],
        may_again=seen.state in (State.PAUSED, State.FINISHED) and seen.started_at is not None,
        may_cancel=State.CANCELLED in announcements.MOVES[seen.state],
        again=[name for name in AGAIN if so_far.counts[name]],
    )


async def how_far(visit: Visit) -> Response:
    """How far sending is, as a piece of the page that is fetched again and again."""
    async with visit.database.transaction() as transaction:
        seen = await existing(transaction, visit)
        so_far = await progress.look(transaction, seen, now=visit.now())
    return visit.show(
        "announcement_progress.html", one=seen, progress=so_far, outcomes=OUTCOMES, left=_lasting(so_far.left)
    )


def _lasting(left: timedelta | None) -> str:
    """Return a time to come in words; "" when it is not known."""
    if left is None:
        return ""
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return "chưa tới một phút"
    return f"{minutes} phút" if minutes < 60 else f"{minutes // 60} giờ {minutes % 60} phút"


async def prove(visit: Visit) -> Response:
    """The proof sheet: each person, whether it reached them, as a workbook."""
    async with visit.database.transaction() as transaction:
        seen = await existing(transaction, visit)
        await visit.record(transaction, words.Action.PROVED, words.subject(seen.id))
    folder = tempfile.TemporaryDirectory(prefix="motcua-phieu-")
    path = Path(folder.name) / "phieu.xlsx"
    await proof.write(visit.database, seen.id, path)
    return workbooks.download(path, folder, f"phieu-gui-{words.subject(seen.id)}.xlsx")


def seen_in_form(visit: Visit, seen: Announcement) -> Announcement:
    """Return the announcement when it still is as the page showed it; raise Refused when it changed meanwhile."""
    if (visit.typed("version"), visit.typed("state")) != (str(seen.version), seen.state):
        raise Refused("Vừa có người khác đổi thông báo này, hoặc chương trình vừa gửi. Xin xem lại rồi làm tiếp.")
    return seen


WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page(f"{NEWSDESK}/{{announcement}}", one, WRITE),
    Page(f"{NEWSDESK}/{{announcement}}/tien-do", how_far, WRITE),
    Page(f"{NEWSDESK}/{{announcement}}/phieu-gui.xlsx", prove, Right.APPROVE_ANNOUNCEMENTS),
)
