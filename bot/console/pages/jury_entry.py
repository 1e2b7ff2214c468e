"""One entry of a contest of initiatives: its words, one's own marks; everybody's once it is closed."""

from starlette.responses import Response

from bot.console import contest as common
from bot.console import typed
from bot.console.contest import PLACE
from bot.console.visit import EVERY_OFFICIAL, Page, Visit
from bot.events import jury
from bot.events.jury import Action
from bot.officials.refused import Missing, Refused
from bot.storage import juries
from bot.storage.juries import Contest, Marks


async def page(visit: Visit) -> Response:
    """One entry with the form of one's own marks; everybody's once the contest is closed."""
    return await _entry(visit)


async def _entry(visit: Visit, refused: Refused | None = None) -> Response:
    async with visit.database.transaction() as transaction:
        seen = await common.seen_by(transaction, visit)
        found = await jury.results(transaction, seen.contest) if seen else []
    result = next((result for result in found if result.entry.code == visit.request.path_params["code"]), None)
    if seen is None or result is None:
        return common.missing(visit)
    own = common.own(result, visit.official.id)
    given = {f"mark{n}": str(value) for n, value in enumerate(own.marks)} | {"remark": own.remark} if own else {}
    if refused:
        given = {name: visit.typed(name) for name in (*_mark_fields(seen.contest), "remark")}
    return visit.show(
        "jury_entry.html",
        **common.facts(visit, seen),
        refused=refused,
        result=result,
        text=common.words(result.entry),
        typed=given,
        own=own,
        names={judge.id: judge.full_name for judge in seen.judges},
    )


async def mark(visit: Visit) -> Response:
    """Keep one's own marks for an entry, and lead to the next that has none."""
    try:
        async with visit.database.transaction() as transaction:
            seen = await common.seen_by(transaction, visit)
            entries = await juries.entries(transaction, seen.contest) if seen else []
            about = next((e for e in entries if e.code == visit.request.path_params["code"]), None)
            if seen is None or not seen.is_judge or about is None:
                return common.missing(visit)
            values = [typed.number(visit.typed(name), name) or 0 for name in _mark_fields(seen.contest)]
            given = Marks(about.id, visit.official.id, values, visit.typed("remark"))
            await jury.mark(transaction, seen.contest.id, given, now=visit.now())
            await visit.record(transaction, Action.MARKED, common.subject(seen.contest.id), bai=about.code)
            done = {one.case_id for one in await juries.marks(transaction, seen.contest.id, judge=visit.official.id)}
    except Missing:
        return common.missing(visit)
    except Refused as refused:
        return await _entry(visit, refused)
    left = [e for e in entries if e.id not in done]
    following = f"/bai/{left[0].code}" if left else ""
    told = f"Còn {len(left)} bài." if left else "Ông/bà đã chấm hết các bài."
    return visit.go(f"{PLACE}/{seen.contest.id}{following}", f"Đã lưu điểm bài {about.code}. {told}")


def _mark_fields(contest: Contest) -> list[str]:
    return [f"mark{position}" for position in range(len(contest.criteria))]


PAGES = (
    Page(f"{PLACE}/{{contest}}/bai/{{code}}", page, EVERY_OFFICIAL),
    Page(f"{PLACE}/{{contest}}/bai/{{code}}", mark, EVERY_OFFICIAL, "POST"),
)
