"""How the console says what it calls by a short name about cases: groups, channels, deadlines, what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.cases import correcting, dossier, filing, following, publishing, queue, warning, workflow
from bot.cases.desk import Desk
from bot.cases.model import CaseType, Entrance, State
from bot.cases.moves import Name
from bot.cases.queue import Pressure
from bot.storage.case_events import Event
from bot.storage.case_lists import Scope
from bot.storage.cases import Case


class Action(StrEnum):
    """What the console itself audits about cases."""

    EXPORTED = "xuat_so"
    TEMPLATE_SAVED = "luu_mau"
    TEMPLATE_REMOVED = "xoa_mau"


GROUPS: Mapping[str, str] = {
    "open": "Đang mở",
    "overdue": "Quá hạn",
    "today": "Hạn hôm nay",
    "soon": "Sắp đến hạn",
    "new": "Mới",
    "mine": "Của tôi",
    "review": "Xem xét lại",
    "questions": "Câu hỏi",
    "waiting": "Chờ người dân",
    "confirm": "Chờ xác nhận",
    "done": "Đã xong",
    "all": "Tất cả",
}
ALWAYS_SHOWN = ("open", "done", "all")  # other groups are shown while they hold a case

ENTRANCES: Mapping[str, str] = {
    Entrance.COUNTER: "đến trực tiếp",
    Entrance.PHONE: "gọi điện thoại",
    Entrance.LETTER: "đơn, thư",
}
CHANNELS: Mapping[str, str] = {
    "web": "trang web",
    "telegram": "Telegram",
    "zalo_bot": "Zalo",
    "zalo_oa": "Zalo OA",
    **ENTRANCES,
}
ACTIONS: Mapping[str, str] = {
    **{name.value: f"Phản ánh: {words}" for name, words in ((n, workflow.words()["moves"][n].lower()) for n in Name)},
    correcting.Action.CORRECTED: "Phản ánh: sửa loại, nơi, bộ phận",
    dossier.Action.OPENED: "Mở việc giữ kín",
    dossier.Action.SENDER_SHOWN: "Xem người gửi việc giữ kín",
    publishing.Action.PUBLISHED: "Đăng công khai",
    publishing.Action.WITHDRAWN: "Gỡ trang công khai",
    warning.Action.DIGEST: "Tin đầu ngày cho nhóm cán bộ",
    Action.EXPORTED: "Xuất sổ phản ánh",
    Action.TEMPLATE_SAVED: "Lưu mẫu trả lời",
    Action.TEMPLATE_REMOVED: "Xóa mẫu trả lời",
}
NOTED = "ghi_chu"
_KINDS: Mapping[str, str] = {
    filing.FILED: "Gửi đến",
    filing.ADDED: "Bổ sung",
    following.FAILED_PROOF: "Nhập sai số điện thoại để nhận tin",
    correcting.CORRECTED: "Sửa thông tin",
    publishing.PUBLISHED: "Đăng công khai",
    publishing.WITHDRAWN: "Gỡ trang công khai",
    NOTED: "Ghi chú nội bộ",
}
_DONE: Mapping[State, str] = {
    State.ANSWERED: "đã trả lời",
    State.CLOSED: "đã đóng",
    State.REFUSED: "đã từ chối",
    State.TRANSFERRED: "đã chuyển",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in words; `kind` is the badge's shape and colour."""

    words: str
    kind: str
    day: str


def deadline(case: Case, scope: Scope, desk: Desk) -> Deadline:
    """Return how a case stands to its deadline, in words that say it without the colour."""
    pressure = queue.pressure(case, scope)
    day = desk.day(case.due_at) if pressure not in (Pressure.STOPPED, Pressure.PAUSED) else ""
    if pressure is Pressure.OVERDUE:
        over = queue.days_over(case, desk, now=scope.now)
        return Deadline(f"quá hạn {over} ngày làm việc" if over else "quá hạn hôm nay", "bad", day)
    if pressure is Pressure.TODAY:
        return Deadline("hết hạn hôm nay", "waiting", day)
    if pressure is Pressure.PAUSED:
        return Deadline("tạm dừng, chờ người dân", "plain", day)
    if pressure is Pressure.STOPPED:
        state = State(case.state)
        return Deadline(_DONE[state], "good" if state in (State.ANSWERED, State.CLOSED) else "plain", day)
    left = queue.days_left(case, desk, now=scope.now)
    return Deadline(f"còn {left} ngày làm việc", "waiting" if pressure is Pressure.SOON else "plain", day)


def happened(event: Event) -> str:
    """Return what an event was, in the official's words."""
    return _KINDS.get(event.kind) or workflow.words()["moves"].get(event.kind, event.kind)


def by_whom(event: Event, sender: str) -> str:
    """Return who did it."""
    if event.by == "official":
        return event.official_name or "cán bộ"
    return sender if event.by == "citizen" else "chương trình"


def types(desk: Desk, *, but: tuple[CaseType, ...] = ()) -> dict[str, str]:
    """Return the types of cases by value, without some."""
    named = desk.texts.section("case_types")
    return {kind.value: named[kind] for kind in CaseType if kind not in but}


def states() -> Mapping[str, str]:
    return workflow.words()["states"]


def shown_moment(at: datetime) -> str:
    """Return a moment in short: 23/11/2026, 8:30."""
    return f"{at.day}/{at.month}/{at.year}, {at.hour}:{at:%M}"
