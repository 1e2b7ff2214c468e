"""What an author may write: checked before it is kept, so that nothing is found out while sending."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.broadcasting import dates, rendering, schedule
from bot.broadcasting.samples import GAP
from bot.calendar.workdays import WorkCalendar
from bot.messages import plain
from bot.settings import Config
from bot.storage.announcements import Announcement, Draft
from bot.texts import Texts

LONGEST_TITLE = 200
LATE = timedelta(minutes=5)  # a moment that has just gone by is meant for now

# The plan's II.1 a-đ: what an announcement is about; counted in the quarterly report.
CONTENTS: Mapping[str, str] = {
    "a": "tầm quan trọng, mục tiêu, kết quả cải cách hành chính",
    "b": "chủ trương của Đảng, chính sách, pháp luật về cải cách hành chính",
    "c": "thể chế, thủ tục hành chính, một cửa, bộ máy, công vụ, tài chính, chính quyền số",
    "d": "chỉ số cải cách hành chính, sự hài lòng của người dân (SIPAS)",
    "đ": "tập thể, cá nhân được biểu dương",
}
# The plan's II.2 a-c: the form it takes.
FORMS: Mapping[str, str] = {
    "a": "tin bài trên trang thông tin, truyền thanh",
    "b": "tập huấn, bồi dưỡng, cuộc thi",
    "c": "hội nghị, hội thảo, tờ rơi, pa nô, áp phích",
}


@dataclass(frozen=True)
class Rules:
    """What the commune's settings allow."""

    topics: Mapping[str, str]
    villages: Collection[str]
    channels: Collection[str]
    texts: Texts
    calendar: WorkCalendar

    @classmethod
    def of(cls, config: Config, texts: Texts, calendar: WorkCalendar) -> "Rules":
        settings = config.announcements
        return cls(settings.topic_names, config.unit.thon, CHANNELS, texts, calendar)


CHANNELS = ("web", "telegram", "zalo_oa", "zalo_bot")


def faults(draft: Draft, rules: Rules, *, now: datetime, corrected: Announcement | None = None) -> list[str]:
    """Return what keeps a draft from being sent, a sentence each."""
    found = [f"không có loại tin “{x}”; có: {_list(rules.topics)}" for x in draft.topics if x not in rules.topics]
    found += [f"không có thôn “{x}”; có: {_list(rules.villages)}" for x in draft.villages if x not in rules.villages]
    found += [f"không có kênh “{x}”; có: {_list(rules.channels)}" for x in draft.channels if x not in rules.channels]
    if not draft.title.strip() or len(draft.title) > LONGEST_TITLE:
        found.append(f"tiêu đề cần từ 1 đến {LONGEST_TITLE} chữ")
    if draft.urgent and not draft.urgent.strip():
        found.append("gửi khẩn cấp cần ghi lý do")
    if draft.content and draft.content not in CONTENTS:
        found.append(f"không có nội dung “{draft.content}”; có: {_list(CONTENTS)} (Kế hoạch, mục II.1)")
    if draft.form and draft.form not in FORMS:
        found.append(f"không có hình thức “{draft.form}”; có: {_list(FORMS)} (Kế hoạch, mục II.2)")
    if draft.corrects is not None and (corrected is None or corrected.started_at is None):
        found.append(f"đính chính: không có thông báo {draft.corrects} đã gửi")
    return found + faults_of_plan(draft.plan, rules.calendar, now=now) + _faults_of_words(draft, rules.texts, corrected)


def _faults_of_words(draft: Draft, texts: Texts, corrected: Announcement | None) -> list[str]:
    if not rendering.words(draft.body):
        return ["thông báo chưa có lời nào"]
    units = len(rendering.message(draft, texts, corrected=corrected).text.encode("utf-16-le")) // 2
    most = rendering.LONGEST
    return [f"thông báo dài {units} chữ, nhiều nhất {most} để đến trọn trong một tin"] if units > most else []


def faults_of_plan(text: str, calendar: WorkCalendar, *, now: datetime) -> list[str]:
    """Return what is wrong with when an announcement is to be sent; nothing with no plan."""
    try:
        plan = schedule.parse(text) if text else schedule.Plan()
        plan.first(now, calendar)
    except schedule.PlanError as error:
        return [str(error)]
    if plan.at and plan.at < now - LATE:
        return [f"giờ gửi {plan.at:%H:%M %d/%m/%Y} đã qua"]
    return []


def remarks(draft: Draft, *, now: datetime) -> list[str]:
    """Return what an author should look at again: gaps, dates that are none, or not on the weekday beside them."""
    text = "\n".join((draft.title, *map(plain, rendering.words(draft.body))))
    gaps = [f"còn {text.count(GAP)} chỗ “{GAP}” chưa điền"] if GAP in text else []
    return gaps + dates.faults(text, today=now.date())


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "(chưa khai trong cấu hình)"
