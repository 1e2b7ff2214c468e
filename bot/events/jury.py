"""The contest of initiatives: who judges until when, marks that stay hidden until it is closed, the ranking."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from bot.clock import ZONE
from bot.officials.refused import Missing, Refused
from bot.storage import juries, officials
from bot.storage.database import Transaction
from bot.storage.juries import Contest, Entry, Judge, Marks, Plan

CRITERIA = ("Tính mới", "Hiệu quả", "Khả năng áp dụng")
LOWEST, HIGHEST = 1, 10
LONGEST_TITLE, LONGEST_CRITERION, LONGEST_REMARK = 150, 60, 1_000
MOST_CRITERIA = 10
MOST_JUDGES = 20  # their remarks on an entry fill one cell of a workbook, which takes 32,767 characters


class Action(StrEnum):
    """What is audited here."""

    SAVED = "luu_thi_sang_kien"
    MARKED = "cham_sang_kien"
    CLOSED = "dong_thi_sang_kien"
    RESULTS_TAKEN = "xuat_thi_sang_kien"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the ranking: averages over those who marked. Equal totals share a place; unmarked ones have none."""

    place: int | None
    entry: Entry
    averages: Sequence[Fraction]
    given: Sequence[Marks]
    missing: Sequence[Judge]

    @property
    def total(self) -> Fraction:
        return sum(self.averages, Fraction())


async def save(transaction: Transaction, number: int, plan: Plan, chosen: Collection[int], *, now: datetime) -> int:
    """Keep a contest, new with number 0, or changed; return its id. What marks were given for stays as it is."""
    known = await juries.get(transaction, number, lock=True) if number else None
    if number and known is None:
        raise Missing("Không có cuộc thi này.")
    _check(plan, known, today=_day(now))
    before = {judge.id for judge in await juries.judges(transaction, number)} if known else set()
    await _check_judges(transaction, chosen, before)
    if known is None:
        return await juries.add(transaction, plan, chosen, now=now)
    given = await juries.marks(transaction, number)
    if given and list(plan.criteria) != list(known.criteria):
        raise Refused("Đã có giám khảo chấm nên không đổi tiêu chí được nữa.", field="criteria")
    if {one.official_id for one in given} - set(chosen):
        raise Refused("Giám khảo đã chấm thì không bỏ ra được nữa.", field="judges")
    await juries.change(transaction, number, plan, chosen)
    return number


def _check(plan: Plan, known: Contest | None, *, today: date) -> None:
    if known and known.closed_at:
        raise Refused("Cuộc thi này đã đóng nên không sửa được nữa.")
    if not 0 < len(plan.name) <= LONGEST_TITLE:
        raise Refused(f"Tên cần từ 1 đến {LONGEST_TITLE} chữ.", field="name")
    if plan.last_day < plan.first_day:
        raise Refused("Ngày cuối nhận bài phải từ ngày đầu trở đi.", field="last_day")
    if plan.marks_until < plan.last_day or (known is None and plan.marks_until < today):
        raise Refused("Hạn chấm phải từ ngày cuối nhận bài trở đi và chưa qua.", field="marks_until")
    if not 0 < len(plan.criteria) <= MOST_CRITERIA or len({c.casefold() for c in plan.criteria}) < len(plan.criteria):
        raise Refused(f"Cần từ 1 đến {MOST_CRITERIA} tiêu chí khác nhau, mỗi dòng một tiêu chí.", field="criteria")
    if any(len(criterion) > LONGEST_CRITERION for criterion in plan.criteria):
        raise Refused(f"Mỗi tiêu chí dài nhất {LONGEST_CRITERION} chữ.", field="criteria")


async def _check_judges(transaction: Transaction, chosen: Collection[int], before: Collection[int]) -> None:
    if not 0 < len(chosen) <= MOST_JUDGES:
        raise Refused(f"Chọn từ 1 đến {MOST_JUDGES} giám khảo.", field="judges")
    known = {judge.id for judge in await candidates(transaction, before)}
    if set(chosen) - known:
        raise Refused("Có người trong danh sách không còn tài khoản. Xin chọn lại.", field="judges")


async def candidates(transaction: Transaction, before: Collection[int] = ()) -> list[Judge]:
    """Return the officials who may be named as judges: those whose account is in use, and those named before."""
    everyone = await officials.everyone(transaction)
    return [Judge(a.id, a.full_name) for a in everyone if a.disabled_at is None or a.id in before]


def may_mark(contest: Contest, now: datetime) -> bool:
    return contest.closed_at is None and contest.first_day <= _day(now) <= contest.marks_until


async def mark(transaction: Transaction, number: int, given: Marks, *, now: datetime) -> None:
    """Keep what a judge gives an entry, in place of what they gave before; Refused once the time for it is over."""
    contest = await juries.get(transaction, number, lock=True)
    if contest is None or given.official_id not in {judge.id for judge in await juries.judges(transaction, number)}:
        raise Missing("Không có cuộc thi này.")
    if given.case_id not in {entry.id for entry in await juries.entries(transaction, contest)}:
        raise Missing("Bài này không còn dự thi.")
    if not may_mark(contest, now):
        raise Refused("Đã hết hạn chấm hoặc cuộc thi đã đóng; điểm chưa được lưu.")
    if len(given.marks) != len(contest.criteria):
        raise Refused("Tiêu chí vừa được đổi. Xin xem lại rồi chấm đủ.")
    for position, value in enumerate(given.marks):
        if not LOWEST <= value <= HIGHEST:
            raise Refused(f"Điểm từ {LOWEST} đến {HIGHEST}, số nguyên.", field=f"mark{position}")
    if len(given.remark) > LONGEST_REMARK:
        raise Refused(f"Nhận xét dài nhất {LONGEST_REMARK} chữ.", field="remark")
    await juries.give(transaction, number, given, now=now)


def cannot_close(contest: Contest, now: datetime) -> str:
    """Return why a contest cannot be closed, in words; "" when it can."""
    if contest.closed_at:
        return "Cuộc thi đã đóng rồi."
    return "Còn đang nhận bài nên chưa đóng được." if _day(now) <= contest.last_day else ""


async def close(transaction: Transaction, number: int, agreed: int, *, now: datetime) -> Contest:
    """Close a contest for good: who took part is kept and all marks are open.

    Refused unless `agreed` is how many marks are missing.
    """
    contest = await juries.get(transaction, number, lock=True)
    if contest is None:
        raise Missing("Không có cuộc thi này.")
    if why := cannot_close(contest, now):
        raise Refused(why)
    found = await results(transaction, contest)
    if sum(len(result.missing) for result in found) != agreed:
        raise Refused("Số phiếu còn thiếu vừa thay đổi. Xin xem lại rồi bấm lần nữa.")
    await juries.close(transaction, number, [result.entry.id for result in found], now=now)
    return contest


async def results(transaction: Transaction, contest: Contest) -> list[Result]:
    """Return the ranking of a contest: not to be shown to anybody before it is closed, the same ever after."""
    entries, judges = await juries.entries(transaction, contest), await juries.judges(transaction, contest.id)
    return ranked(entries, judges, await juries.marks(transaction, contest.id))


def ranked(entries: Sequence[Entry], judges: Sequence[Judge], marks: Sequence[Marks]) -> list[Result]:
    """Return entries by the sum of their averages, the highest first; those without a mark come last."""
    found = [_result(entry, judges, [one for one in marks if one.case_id == entry.id]) for entry in entries]
    totals = [result.total for result in found if result.given]
    placed = [
        Result(1 + sum(total > one.total for total in totals), one.entry, one.averages, one.given, one.missing)
        if one.given
        else one
        for one in found
    ]
    return sorted(placed, key=lambda one: (one.place is None, one.place or 0, one.entry.id))


def _result(entry: Entry, judges: Sequence[Judge], given: Sequence[Marks]) -> Result:
    by_criterion = zip(*(one.marks for one in given), strict=True)
    averages = [Fraction(sum(column), len(column)) for column in by_criterion]
    have = {one.official_id for one in given}
    return Result(None, entry, averages, given, [judge for judge in judges if judge.id not in have])


def _day(now: datetime) -> date:
    return now.astimezone(ZONE).date()
