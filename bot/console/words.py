"""How the console says what the code calls by a short name."""

from collections.abc import Mapping
from datetime import datetime

from bot.broadcasting import placing
from bot.console import announcement_words, case_words
from bot.events import jury, planning, quiz
from bot.officials.auditing import Action
from bot.officials.rights import Role
from bot.privacy import requests

ROLES: Mapping[str, str] = {
    Role.INTAKE: "Tiếp nhận",
    Role.HANDLER: "Xử lý",
    Role.LEADER: "Lãnh đạo",
    Role.EDITOR: "Biên tập",
    Role.ADMIN: "Quản trị",
}

DUTIES: Mapping[str, str] = {
    Role.INTAKE: "nhận, phân việc, xem mọi phản ánh",
    Role.HANDLER: "xử lý và trả lời việc được giao cho bộ phận mình",
    Role.LEADER: "xem tất cả, kể cả việc phải giữ bí mật; duyệt thông báo",
    Role.EDITOR: "soạn thông báo, mẫu trả lời",
    Role.ADMIN: "lập, khóa tài khoản; xem nhật ký",
}

ACTIONS: Mapping[str, str] = {
    Action.SIGNED_IN: "Đăng nhập",
    Action.SIGN_IN_FAILED: "Đăng nhập không thành",
    Action.SIGNED_OUT: "Đăng xuất",
    Action.SESSION_REVOKED: "Kết thúc phiên ở thiết bị khác",
    Action.CREATED: "Lập tài khoản",
    Action.PROFILE_CHANGED: "Sửa tài khoản",
    Action.LINK_ISSUED: "Cấp liên kết đặt mật khẩu",
    Action.PASSWORD_SET: "Đặt mật khẩu",
    Action.DISABLED: "Khóa tài khoản",
    Action.ENABLED: "Mở khóa tài khoản",
    Action.SECOND_FACTOR_ON: "Bật xác thực hai bước",
    Action.SECOND_FACTOR_OFF: "Tắt xác thực hai bước",
    Action.RECOVERY_USED: "Dùng mã dự phòng",
    Action.TELEGRAM_LINKED: "Nối Telegram",
    Action.TELEGRAM_UNLINKED: "Gỡ Telegram",
    Action.CHAT_LINKED: "Nối khung chat của mình",
    Action.CHAT_UNLINKED: "Gỡ khung chat của mình",
    requests.Action.DONE: "Trả lời yêu cầu về dữ liệu",
    placing.Action.ADDED: "Ấn phẩm: thêm nơi treo",
    placing.Action.REMOVED: "Ấn phẩm: bỏ nơi treo",
    planning.Action.SAVED: "Lưu sự kiện",
    planning.Action.CANCELLED: "Hủy sự kiện",
    planning.Action.LIST_TAKEN: "Tải danh sách sự kiện",
    quiz.Action.SAVED: "Lưu cuộc thi",
    quiz.Action.STANDINGS_TAKEN: "Tải xếp hạng cuộc thi",
    jury.Action.SAVED: "Lưu cuộc thi sáng kiến",
    jury.Action.MARKED: "Chấm sáng kiến",
    jury.Action.CLOSED: "Đóng cuộc thi sáng kiến",
    jury.Action.RESULTS_TAKEN: "Tải kết quả thi sáng kiến",
    **case_words.ACTIONS,
    **announcement_words.ACTIONS,
}

DETAILS: Mapping[str, str] = {
    "roles": "vai trò",
    "full_name": "họ và tên",
    "unit": "bộ phận",
    "left": "còn lại",
    "count": "số lượng",
    "loai": "loại",
    "den": "đến",
    "sua": "sửa",
    "xem": "xem",
    "ly_do": "lý do",
    "anh": "số ảnh",
    "loc": "bộ lọc",
    "noi": "nơi treo",
    "gui_lai": "gửi lại cho",
    "bai": "bài",
    "thieu": "phiếu còn thiếu",
}

DELETED: Mapping[str, str] = {
    "web_messages": "Tin nhắn trên trang web",
    "conversations": "Trạng thái trò chuyện",
    "drafts": "Phản ánh viết dở",
    "notices": "Tin báo đã gửi",
    "inbox": "Tin đã nhận từ các kênh",
    "quarantined": "Tin lỗi (bỏ nội dung)",
    "questions": "Câu hỏi",
    "event_sign_ups": "Đăng ký sự kiện",
    "quiz_tries": "Bài thi tìm hiểu (bỏ người thi)",
    "people": "Khung chat lâu không dùng",
    "official_sessions": "Phiên đăng nhập của cán bộ",
    "invitations": "Liên kết đặt mật khẩu đã hết hạn",
    "cases": "Việc (bỏ người gửi)",
    "attachments": "Ảnh, tệp của việc",
    "files": "Tệp trên đĩa",
}

_DAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def said(value: object) -> str:
    """Return a detail of the audit in words: what was and what is with an arrow between, roles by their names."""
    if isinstance(value, dict):
        return " → ".join(said(side) for side in value.values())
    if isinstance(value, list):
        return ", ".join(said(part) for part in value)
    return ROLES.get(str(value), str(value)) or "(trống)"


def begun(words: str) -> str:
    """Return words with a capital at their beginning, the rest as it is: "Thứ Tư 25/11/2026"."""
    return words[:1].upper() + words[1:]


def grouped(number: int) -> str:
    """Return a number as people write it: 1.234."""
    return f"{number:,}".replace(",", ".")


def moment(at: datetime) -> str:
    """Return a moment as people write it: thứ Hai 23/11/2026, 8:30."""
    return f"{_DAYS[at.weekday()]} {at.day}/{at.month}/{at.year}, {at.hour}:{at:%M}"
