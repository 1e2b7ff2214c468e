"""Thi sáng kiến: its days, criteria and judges, closing it, the ranking."""

from collections.abc import Collection, Mapping, Sequence

from starlette.responses import Response

from bot.console import contest as common
from bot.console import listing, typed
from bot.console.contest import ORGANISE, PLACE
from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.events import jury as service
from bot.events import sheets
from bot.events.jury import Action, Result
from bot.officials.refused import Missing, Refused
from bot.storage import juries
from bot.storage.juries import Plan

FIELDS = ("name", "first_day", "last_day", "marks_until", "criteria")


async def everything(visit: Visit) -> Response:
    """All contests, the latest first; those who do not organise see the ones that they judge."""
    limit, offset = listing.SIZE + 1, listing.offset(visit.request)
    organises = visit.official.may(ORGANISE)
    async with visit.database.transaction() as transaction:
        judge = None if organises else visit.official.id
        found = await juries.page(transaction, judge=judge, offset=offset, limit=limit)
    listed = listing.listed(visit.request, found)
    return visit.show("juries.html", list=listed, organises=organises, state=common.state, now=visit.now())


async def new(visit: Visit) -> Response:
    """The form of a new contest."""
    given = dict.fromkeys(FIELDS, "") | {"criteria": "\n".join(service.CRITERIA)}
    return await _form(visit, given, ())


async def edit(visit: Visit) -> Response:
    """The form of a contest as it stands."""
    async with visit.database.transaction() as transaction:
        contest = await juries.get(transaction, visit.number("contest"))
        judges = await juries.judges(transaction, contest.id) if contest else []
    if contest is None:
        return common.missing(visit)
    given = {name: str(getattr(contest, name)) for name in FIELDS} | {"criteria": "\n".join(contest.criteria)}
    return await _form(visit, given, [str(judge.id) for judge in judges], number=contest.id)


async def save(visit: Visit) -> Response:
    """Keep a contest, new or changed."""
    number = visit.number("contest")
    chosen = [value for value in visit.form.getlist("judges") if isinstance(value, str)]
    try:
        judges = {typed.number(value, "judges") or 0 for value in chosen}
        plan = Plan(
            name=visit.typed("name"),
            first_day=typed.day(visit.typed("first_day"), "first_day"),
            last_day=typed.day(visit.typed("last_day"), "last_day"),
            marks_until=typed.day(visit.typed("marks_until"), "marks_until"),
            criteria=[" ".join(line.split()) for line in visit.typed("criteria").splitlines() if line.strip()],
        )
        async with visit.database.transaction() as transaction:
            number = await service.save(transaction, number, plan, judges, now=visit.now())
            await visit.record(transaction, Action.SAVED, common.subject(number))
    except Missing:
        return common.missing(visit)
    except Refused as refused:
        return await _form(visit, {name: visit.typed(name) for name in FIELDS}, chosen, refused, number=number)
    return visit.go(f"{PLACE}/{number}", "Đã lưu cuộc thi.")


async def one(visit: Visit) -> Response:
    """A contest: its entries with one's own marks, and once it is closed the ranking."""
    async with visit.database.transaction() as transaction:
        seen = await common.seen_by(transaction, visit)
        if seen is None:
            return common.missing(visit)
        found = await service.results(transaction, seen.contest)
    return visit.show(
        "jury.html",
        **common.facts(visit, seen),
        words=common.words,
        results=found if seen.contest.closed_at else sorted(found, key=lambda result: result.entry.id),
        progress={judge.id: sum(judge not in result.missing for result in found) for judge in seen.judges},
        own={result.entry.id: common.own(result, visit.official.id) for result in found},
        cannot_close=service.cannot_close(seen.contest, visit.now()),
    )


async def before_closing(visit: Visit) -> Response:
    """What closing means, and how many marks are missing."""
    return await _before_closing(visit)


async def _before_closing(visit: Visit, refused: Refused | None = None) -> Response:
    async with visit.database.transaction() as transaction:
        seen = await common.seen_by(transaction, visit)
        if seen is None:
            return common.missing(visit)
        found = await service.results(transaction, seen.contest)
    owing = [(judge.full_name, sum(judge in result.missing for result in found)) for judge in seen.judges]
    why = service.cannot_close(seen.contest, visit.now())
    return visit.show("jury_close.html", refused=refused, contest=seen.contest, owing=owing, cannot_close=why)


async def close(visit: Visit) -> Response:
    """Close a contest, when as many marks are missing as the organiser was told."""
    try:
        agreed = typed.number(visit.typed("missing"), "")
        async with visit.database.transaction() as transaction:
            contest = await service.close(
                transaction, visit.number("contest"), -1 if agreed is None else agreed, now=visit.now()
            )
            await visit.record(transaction, Action.CLOSED, common.subject(contest.id), thieu=agreed)
    except Missing:
        return common.missing(visit)
    except Refused as refused:
        return await _before_closing(visit, refused)
    return visit.go(f"{PLACE}/{contest.id}", "Đã đóng cuộc thi.")


async def export(visit: Visit) -> Response:
    """The ranking as a workbook, once the contest is closed."""
    async with visit.database.transaction() as transaction:
        seen = await common.seen_by(transaction, visit)
        if seen is None or seen.contest.closed_at is None:
            return common.missing(visit)
        found = await service.results(transaction, seen.contest)
        await visit.record(transaction, Action.RESULTS_TAKEN, common.subject(seen.contest.id), count=len(found))
    criteria = seen.contest.criteria
    head = ("Hạng", "Mã", "Nội dung", *criteria, "Tổng", "Số phiếu", "Chưa chấm", "Nhận xét")
    names = {judge.id: judge.full_name for judge in seen.judges}
    rows = [_line(result, len(criteria), names) for result in found]
    wide = (2, len(head) - 2, len(head) - 1)
    return typed.workbook(sheets.book("Kết quả", head, rows, wide=wide), f"thi-sang-kien-{seen.contest.id}")


def _line(result: Result, criteria: int, names: Mapping[int, str]) -> Sequence[str | int | float]:
    averages: Sequence[str | float] = [round(float(a), 2) for a in result.averages] or [""] * criteria
    return (
        result.place or "",
        result.entry.code,
        common.words(result.entry),
        *averages,
        round(float(result.total), 2) if result.given else "",
        len(result.given),
        ", ".join(judge.full_name for judge in result.missing),
        "\n".join(f"{names[one.official_id]}: {one.remark}" for one in result.given if one.remark),
    )


async def _form(
    visit: Visit,
    given: Mapping[str, str],
    chosen: Collection[str],
    refused: Refused | None = None,
    *,
    number: int = 0,
) -> Response:
    async with visit.database.transaction() as transaction:
        before = {judge.id for judge in await juries.judges(transaction, number)}
        people = await service.candidates(transaction, before)
    names = {str(judge.id): judge.full_name for judge in people}
    return visit.show("jury_form.html", refused=refused, typed=given, chosen=chosen, judges=names, number=number)


PAGES = (
    Page(PLACE, everything, EVERY_OFFICIAL),
    Page(f"{PLACE}/moi", new, ORGANISE),
    Page(f"{PLACE}/moi", save, ORGANISE, "POST"),
    Page(f"{PLACE}/{{contest}}", one, EVERY_OFFICIAL),
    Page(f"{PLACE}/{{contest}}/sua", edit, ORGANISE),
    Page(f"{PLACE}/{{contest}}/sua", save, ORGANISE, "POST"),
    Page(f"{PLACE}/{{contest}}/dong", before_closing, ORGANISE),
    Page(f"{PLACE}/{{contest}}/dong", close, ORGANISE, "POST"),
    Page(f"{PLACE}/{{contest}}/ket-qua.xlsx", export, ORGANISE),
)
