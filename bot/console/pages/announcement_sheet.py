"""The form of an announcement as it is read: everything typed is kept, and what is wrong with it is said."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.broadcasting import moments, schedule
from bot.broadcasting.approval import NotAllowed
from bot.broadcasting.moments import Moment
from bot.console.visit import Visit
from bot.console.words import begun
from bot.officials.refused import Missing, Refused
from bot.storage import announcements
from bot.storage.announcements import Announcement, Draft
from bot.storage.database import Transaction

LONGEST_BODY, LONGEST_REASON = 20_000, 300
LONGEST_CHOICE, MOST_CHOICES = 64, 100
STALE_HOURS = range(1, 73)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it was left: what is typed, for which announcement (0: a new one) and which version of it."""

    draft: Draft
    moment: Moment
    number: int = 0
    version: int = 0
    stale: str = "2"

    @classmethod
    def of(cls, seen: Announcement) -> "Sheet":
        """Return the form of an announcement that is kept already."""
        return cls(seen, moments.of_plan(seen.plan), seen.id, seen.version, str(seen.stale_hours))


def typed(visit: Visit) -> tuple[Sheet, list[str]]:
    """Return what stands in the form, and what is wrong with it before anything is looked up."""
    moment, faults, plan = moment_typed(visit), list[str](), ""
    try:
        plan = moments.plan(moment, now=visit.now())
    except schedule.PlanError as error:
        faults.append(str(error))
    stale = visit.typed("stale_hours")[:LONGEST_CHOICE]
    if number(stale) not in STALE_HOURS:
        faults.append(f"trễ bao lâu thì hỏi lại: từ {STALE_HOURS[0]} đến {STALE_HOURS[-1]} giờ")
    if len(visit.typed("body")) > LONGEST_BODY:
        faults.append(f"nội dung dài quá {LONGEST_BODY} chữ")
    if len(visit.typed("urgent")) > LONGEST_REASON:
        faults.append(f"lý do khẩn cấp dài quá {LONGEST_REASON} chữ")
    draft = Draft(
        title=" ".join(visit.typed("title").split()),
        body=visit.typed("body"),
        author=visit.official.name,
        topics=ticked(visit.form.getlist("topics")),
        villages=ticked(visit.form.getlist("villages")),
        channels=ticked(visit.form.getlist("channels")),
        content=visit.typed("content"),
        form=visit.typed("form"),
        urgent=visit.typed("urgent"),
        plan=plan,
        stale_hours=number(stale),
        corrects=number(visit.typed("corrects")) or None,
    )
    sheet = Sheet(draft, moment, visit.number("announcement"), number(visit.typed("version")), stale)
    return sheet, faults


def moment_typed(visit: Visit) -> Moment:
    """Return the moment in a form, as it was left."""
    return Moment(**{name: visit.typed(name)[:100] for name in Moment.__dataclass_fields__})


def ticked(values: Iterable[object]) -> tuple[str, ...]:
    """Return the values of ticked boxes, each once, as many as a list of boxes may have."""
    words = (value.replace("\x00", "")[:LONGEST_CHOICE] for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(words))[:MOST_CHOICES]


def number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


async def existing(transaction: Transaction, visit: Visit) -> Announcement:
    """Return the announcement in the page's address; raise Missing when there is none."""
    found = await announcements.find(transaction, visit.number("announcement"))
    if found is None:
        raise Missing("Không có thông báo này.")
    return found


@contextmanager
def refusing() -> Iterator[None]:
    """Say in the console's way what an announcement does not allow."""
    try:
        yield
    except NotAllowed as error:
        raise Refused(f"{begun(str(error))}.") from error
