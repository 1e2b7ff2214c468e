"""Writing an announcement: the words, whom they go to, when; the preview, the count and the warnings beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from starlette.responses import Response

from bot.broadcasting import approval, composing, drafting, moments, rendering, samples, schedule
from bot.broadcasting.approval import NotAllowed
from bot.broadcasting.drafting import Rules
from bot.console import announcement_words as words
from bot.console.pages.announcement_sheet import LONGEST_BODY, Sheet, existing, number, refusing, ticked, typed
from bot.console.pages.announcements import NEWSDESK, contents, forms
from bot.console.visit import Page, Visit
from bot.health import NAMES
from bot.messages import Reply
from bot.officials.refused import Refused
from bot.officials.rights import Right
from bot.storage import announcements, audience, subscribers
from bot.storage.announcements import Announcement, Draft
from bot.storage.database import Transaction

CHANGED = (
    "Trong lúc ông/bà viết, người khác đã sửa thông báo này; bản của họ ở cuối trang. Phần ông/bà viết còn nguyên. "
    "Lưu lần nữa là thay bản của họ."
)


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is said about a sheet: faults that keep it from being saved, the colleague's version that it would undo."""

    faults: Sequence[str] = ()
    theirs: Announcement | None = None
    is_preview: bool = False


async def new(visit: Visit) -> Response:
    """An empty form, one begun from a sample or from an older announcement, or the correction of one."""
    async with visit.database.transaction() as transaction:
        old = await announcements.find(transaction, number(visit.request.query_params.get("tu", "")))
        wrong = await announcements.find(transaction, number(visit.request.query_params.get("dinh-chinh", "")))
    draft = Draft(title="", body="", author=visit.official.name)
    sample = samples.everything().get(visit.request.query_params.get("mau", ""))
    if sample:
        draft = sample.draft(visit.official.name, visit.office.config.announcements.topic_names)
    elif old:
        taken = {name: getattr(old, name) for name in Draft.__dataclass_fields__}
        draft = replace(Draft(**taken), author=visit.official.name, plan="", urgent="", corrects=None)
    elif wrong and wrong.started_at:
        draft = replace(draft, title=wrong.title, urgent=wrong.urgent, plan=schedule.AT_ONCE, corrects=wrong.id)
    return await _shown(visit, Sheet(draft, moments.of_plan(draft.plan), stale=str(draft.stale_hours)), Remarks())


async def edit(visit: Visit) -> Response:
    """The form of an announcement that is not sent yet."""
    async with visit.database.transaction() as transaction:
        seen = await existing(transaction, visit)
    with refusing():
        approval.check_unsent(seen)
    return await _shown(visit, Sheet.of(seen), Remarks())


async def save(visit: Visit) -> Response:
    """Keep the draft, ask for its approval, or only look at it."""
    sheet, faults = typed(visit)
    is_preview = bool(visit.typed("look"))
    theirs = None
    try:
        async with visit.database.transaction() as transaction:
            seen = await existing(transaction, visit) if sheet.number else None
            corrected = await _corrected(transaction, sheet.draft)
            if corrected:
                sheet = replace(sheet, draft=replace(sheet.draft, topics=tuple(corrected.topics)))
            faults += _faults(visit, sheet.draft, corrected)
            theirs = seen if seen and seen.version != sheet.version and not is_preview else None
            if not (faults or theirs or is_preview):
                kept = await _keep(transaction, visit, sheet, seen)
                return visit.go(f"{NEWSDESK}/{kept}", _told(visit))
    except NotAllowed as error:
        faults.append(str(error))
    if theirs:
        sheet = replace(sheet, version=theirs.version)
    return await _shown(visit, sheet, Remarks(faults, theirs, is_preview))


def _faults(visit: Visit, draft: Draft, corrected: Announcement | None) -> list[str]:
    if len(draft.body) > LONGEST_BODY:
        return []  # said already; too long to be read through
    rules = Rules.of(visit.office.config, visit.office.texts, visit.office.desk.calendar)
    return drafting.faults(draft, rules, now=visit.now(), corrected=corrected)


def _told(visit: Visit) -> str:
    return "Đã lưu và trình duyệt." if visit.typed("propose") else "Đã lưu bản nháp."


async def _keep(transaction: Transaction, visit: Visit, sheet: Sheet, seen: Announcement | None) -> int:
    """Keep what was typed, and ask for approval where that was pressed; return the announcement's id."""
    who, now = visit.official.name, visit.now()
    if seen:
        await approval.edit(transaction, seen, sheet.draft, who=who, now=now)
        kept, action = seen.id, words.Action.CHANGED
    else:
        kept, action = await announcements.create(transaction, sheet.draft, now=now), words.Action.WRITTEN
    await visit.record(transaction, action, words.subject(kept))
    if visit.typed("propose"):
        made = await announcements.find(transaction, kept)
        assert made is not None
        await approval.propose(transaction, made, who=who, now=now)
        await visit.record(transaction, words.Action.PROPOSED, words.subject(kept))
    return kept


async def count(visit: Visit) -> Response:
    """How many people the ticked boxes mean, as a piece of the page."""
    given = visit.request.query_params
    draft = Draft(
        title="",
        body="",
        author="",
        topics=ticked(given.getlist("topics")),
        villages=ticked(given.getlist("villages")),
        channels=ticked(given.getlist("channels")),
        corrects=number(given.get("corrects", "")) or None,
    )
    async with visit.database.transaction() as transaction:
        people = await audience.count(transaction, draft)
    return visit.show("announcement_count.html", people=people, channels=NAMES)


async def _corrected(transaction: Transaction, draft: Draft) -> Announcement | None:
    return await announcements.find(transaction, draft.corrects) if draft.corrects else None


async def _shown(visit: Visit, sheet: Sheet, remarks: Remarks) -> Response:
    draft = sheet.draft
    async with visit.database.transaction() as transaction:
        people = await audience.count(transaction, draft)
        _, by_topic, by_village = await subscribers.counts(transaction)
        corrected = await _corrected(transaction, draft)
        is_readable = len(draft.body) <= LONGEST_BODY
        is_shown = remarks.is_preview and is_readable
        message = await _message(transaction, visit, sheet, corrected) if is_shown else None
    refused = None
    if remarks.theirs:
        refused = Refused(CHANGED)
    elif remarks.faults and not remarks.is_preview:
        refused = Refused("Chưa lưu được.", field="faults")
    return visit.show(
        "announcement_form.html",
        refused=refused,
        sheet=sheet,
        draft=draft,
        faults=remarks.faults,
        theirs=remarks.theirs,
        warnings=drafting.remarks(draft, now=visit.now()) if is_readable else (),
        previews=previews(visit, draft, message) if message else (),
        people=people,
        corrected=corrected,
        notes={
            "topics": {topic: f"{number} người" for topic, number in by_topic.items()},
            "villages": {village: f"{number} người" for village, number in by_village.items()},
        },
        topics=visit.office.config.announcements.topic_names,
        villages={name: name for name in visit.office.config.unit.thon},
        channels=NAMES,
        contents=contents(),
        forms=forms(),
        ways=moments.WAYS,
        weekdays=moments.WEEKDAYS,
        last_day=moments.LAST_SAFE_DAY,
        longest=rendering.LONGEST,
        samples=samples.everything(),
    )


async def _message(transaction: Transaction, visit: Visit, sheet: Sheet, corrected: Announcement | None) -> Reply:
    """Return what is typed as citizens would get it, with the files and buttons that the announcement has already."""
    kept = await announcements.find(transaction, sheet.number) if sheet.number else None
    if kept is None:
        return rendering.message(sheet.draft, visit.office.texts, corrected=corrected)
    typed_in = {name: getattr(sheet.draft, name) for name in Draft.__dataclass_fields__}
    return await composing.message(transaction, replace(kept, **typed_in), visit.office.texts, now=visit.now())


def previews(visit: Visit, draft: Draft, message: Reply) -> list[tuple[list[str], Sequence[Markup]]]:
    """Return a message as the channels that the draft goes to will show it; those that show the same stand together."""
    alike: dict[Sequence[Markup], list[str]] = {}
    for one in visit.office.previews(message, visit.office.texts):
        if not draft.channels or one.channel in draft.channels:
            alike.setdefault(one.bubbles, []).append(one.channel)
    return [(names, bubbles) for bubbles, names in alike.items()]


WRITE = Right.WRITE_ANNOUNCEMENTS
PAGES = (
    Page(f"{NEWSDESK}/moi", new, WRITE),
    Page(f"{NEWSDESK}/moi", save, WRITE, "POST"),
    Page(f"{NEWSDESK}/dem", count, WRITE),
    Page(f"{NEWSDESK}/{{announcement}}/sua", edit, WRITE),
    Page(f"{NEWSDESK}/{{announcement}}/sua", save, WRITE, "POST"),
)
