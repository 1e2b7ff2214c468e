"""What officials do with an announcement: trying it on themselves, approving, scheduling, pausing, resuming, ending."""

from collections.abc import Awaitable, Callable
from enum import StrEnum

from starlette.responses import Response

from bot.broadcasting import approval, drafting, moments, schedule, trial
from bot.broadcasting.approval import NotAllowed
from bot.console import announcement_words as words
from bot.console.pages.announcement_page import AGAIN, seen_in_form, shown
from bot.console.pages.announcement_sheet import existing, moment_typed, refusing, ticked
from bot.console.pages.announcements import NEWSDESK
from bot.console.visit import Page, Visit
from bot.console.words import begun, grouped, moment
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import audience, official_chats
from bot.storage.announcements import Announcement, State
from bot.storage.database import Transaction
from bot.storage.recipients import Standing

Move = Callable[[Transaction, Visit, Announcement], Awaitable[str]]


def _page(action: StrEnum, move: Move) -> Callable[[Visit], Awaitable[Response]]:
    """Return the handler of a move: made on what the page showed, audited with it, told in a sentence."""

    async def made(visit: Visit) -> Response:
        try:
            async with visit.database.transaction() as transaction:
                seen = seen_in_form(visit, await existing(transaction, visit))
                with refusing():
                    told = await move(transaction, visit, seen)
                await visit.record(transaction, action, words.subject(seen.id), **_details(visit))
        except Refused as refused:
            return await shown(visit, refused, moment_typed(visit) if "way" in visit.form else None)
        return visit.go(f"{NEWSDESK}/{seen.id}", told)

    return made


def _details(visit: Visit) -> dict[str, object]:
    again = [name for name in ticked(visit.form.getlist("again")) if name in AGAIN]
    return {"gui_lai": again} if again else {}


async def _propose(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    await approval.propose(transaction, seen, who=visit.official.name, now=visit.now())
    return "Đã trình duyệt."


async def _approve(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    calendar = visit.office.desk.calendar
    if faults := drafting.faults_of_plan(seen.plan, calendar, now=visit.now()):
        raise NotAllowed(f"{faults[0]}; xin sửa lúc gửi rồi duyệt")
    two_person = visit.office.config.announcements.two_person
    by = visit.official.name
    due = await approval.approve(transaction, seen, by, two_person=two_person, calendar=calendar, now=visit.now())
    people = await audience.count(transaction, seen)
    if due is None:
        return "Đã duyệt. Xin hẹn giờ gửi."
    return f"Đã duyệt. Gửi {grouped(people.total)} người lúc {moment(due)}."


async def _schedule(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    try:
        plan = moments.plan(moment_typed(visit), now=visit.now())
    except schedule.PlanError as error:
        raise Refused(f"{begun(str(error))}.") from error
    calendar = visit.office.desk.calendar
    faults = drafting.faults_of_plan(plan, calendar, now=visit.now()) if plan else ["xin chọn lúc gửi"]
    if faults:
        raise NotAllowed(faults[0])
    due = await approval.schedule_for(
        transaction, seen, plan, who=visit.official.name, calendar=calendar, now=visit.now()
    )
    return f"Đã hẹn gửi lúc {moment(due)}."


async def _pause(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    await approval.pause(transaction, seen, who=visit.official.name, now=visit.now())
    return "Đã tạm dừng. Tin đang trên đường thì vẫn tới."


async def _resume(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    calendar = visit.office.desk.calendar
    await approval.resume(transaction, seen, who=visit.official.name, calendar=calendar, now=visit.now())
    return "Cho gửi tiếp."


async def _again(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    chosen = [Standing(name) for name in ticked(visit.form.getlist("again")) if name in AGAIN]
    if not chosen:
        raise Refused("Xin chọn gửi lại cho những ai.", field="again")
    who, calendar = visit.official.name, visit.office.desk.calendar
    sent = await approval.resume(transaction, seen, who=who, calendar=calendar, now=visit.now(), again=chosen)
    return f"Gửi lại cho {grouped(sent)} người."


async def _cancel(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    left = await approval.cancel(transaction, seen, who=visit.official.name, now=visit.now())
    return f"Đã hủy. {grouped(left)} người không được gửi nữa." if left else "Đã hủy."


async def _drop(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    if seen.state is not State.DRAFT:
        raise NotAllowed("chỉ bỏ được bản nháp; thông báo đã duyệt thì nhờ người duyệt hủy")
    await approval.cancel(transaction, seen, who=visit.official.name, now=visit.now())
    return "Đã bỏ bản nháp."


async def _try(transaction: Transaction, visit: Visit, seen: Announcement) -> str:
    """Send a test copy to the official's own chats."""
    wanted = ticked(visit.form.getlist("chats"))
    own = [chat for chat in await official_chats.of(transaction, visit.official.id) if str(chat.id) in wanted]
    if not own:
        raise Refused("Xin chọn khung chat để nhận bản thử.", field="chats")
    name, texts = visit.official.full_name, visit.office.texts
    await trial.send(transaction, seen, own, texts, name=name, now=visit.now())
    return f"Đang gửi bản thử tới {len(own)} khung chat của ông/bà."


WRITE, APPROVE = Right.WRITE_ANNOUNCEMENTS, Right.APPROVE_ANNOUNCEMENTS
_MOVES: tuple[tuple[str, Move, Right, words.Action], ...] = (
    ("trinh", _propose, WRITE, words.Action.PROPOSED),
    ("thu", _try, WRITE, words.Action.TESTED),
    ("bo", _drop, WRITE, words.Action.CANCELLED),
    ("duyet", _approve, APPROVE, words.Action.APPROVED),
    ("hen-gio", _schedule, APPROVE, words.Action.SCHEDULED),
    ("dung", _pause, APPROVE, words.Action.PAUSED),
    ("tiep", _resume, APPROVE, words.Action.RESUMED),
    ("gui-lai", _again, APPROVE, words.Action.RESUMED),
    ("huy", _cancel, APPROVE, words.Action.CANCELLED),
)
PAGES = tuple(
    Page(f"{NEWSDESK}/{{announcement}}/{verb}", _page(action, move), right, "POST")
    for verb, move, right, action in _MOVES
)
