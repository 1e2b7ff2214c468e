"""How the console says what it calls by a short name about announcements, and what it audits."""

from collections.abc import Mapping
from enum import StrEnum

from bot.broadcasting import approval
from bot.storage.announcements import Announcement, Event, State


class Action(StrEnum):
    """What officials do with announcements."""

    WRITTEN = "soan_thong_bao"
    CHANGED = "sua_thong_bao"
    PROPOSED = "trinh_thong_bao"
    APPROVED = "duyet_thong_bao"
    SCHEDULED = "hen_gio_thong_bao"
    TESTED = "gui_thu_thong_bao"
    PAUSED = "tam_dung_thong_bao"
    RESUMED = "gui_tiep_thong_bao"
    CANCELLED = "huy_thong_bao"
    PROVED = "xuat_phieu_gui"


ACTIONS: Mapping[str, str] = {
    Action.WRITTEN: "Thông báo: soạn",
    Action.CHANGED: "Thông báo: sửa",
    Action.PROPOSED: "Thông báo: trình duyệt",
    Action.APPROVED: "Thông báo: duyệt",
    Action.SCHEDULED: "Thông báo: hẹn giờ",
    Action.TESTED: "Thông báo: gửi bản thử cho mình",
    Action.PAUSED: "Thông báo: tạm dừng",
    Action.RESUMED: "Thông báo: cho gửi tiếp, gửi lại",
    Action.CANCELLED: "Thông báo: hủy",
    Action.PROVED: "Thông báo: tải phiếu gửi",
}

GROUPS: Mapping[str, str] = {
    "all": "Tất cả",
    "proposed": "Chờ duyệt",
    "draft": "Bản nháp",
    "coming": "Sắp gửi",
    "sending": "Đang gửi",
    "paused": "Tạm dừng",
    "finished": "Đã gửi xong",
    "cancelled": "Đã hủy",
}
ALWAYS_SHOWN = ("all", "proposed", "draft", "coming", "finished")  # the others while they hold something

CHANNELS: Mapping[str, str] = {
    "web": "Trang web",
    "telegram": "Telegram",
    "zalo_oa": "Zalo (OA)",
    "zalo_bot": "Zalo (bot)",
}
WAITING_FOR_APPROVAL = "chờ duyệt"
_KINDS: Mapping[State, str] = {
    State.APPROVED: "good",
    State.SCHEDULED: "good",
    State.SENDING: "waiting",
    State.PAUSED: "bad",
    State.FINISHED: "good",
}


def standing(one: Announcement) -> tuple[str, str]:
    """Return where an announcement stands: in words, and the badge's shape."""
    if one.state is State.DRAFT and one.proposed_at:
        return WAITING_FOR_APPROVAL, "waiting"
    return approval.NAMES[one.state], _KINDS.get(one.state, "plain")


def happened(event: Event) -> str:
    """Return what an event of an announcement's history was, in words."""
    return "Trình duyệt" if event.note == approval.PROPOSED else _HAPPENED[State(event.what)]


_HAPPENED: Mapping[State, str] = {
    State.DRAFT: "Soạn, sửa",
    State.APPROVED: "Duyệt, chưa hẹn giờ",
    State.SCHEDULED: "Hẹn giờ gửi",
    State.SENDING: "Gửi",
    State.PAUSED: "Tạm dừng",
    State.FINISHED: "Gửi xong",
    State.CANCELLED: "Hủy",
}


def subject(number: int) -> str:
    """Return how the audit names an announcement."""
    return f"TB-{number}"
