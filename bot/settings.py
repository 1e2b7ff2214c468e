"""Every setting there is, its default and what it must be; `bot.config` reads them."""

import re
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

MOST_FILE_MB = 50  # one upload to the web page must hold the largest file and some more


def setting(default: Any = MISSING, *, check: str = "", secret: bool = False, choices: tuple[str, ...] = ()) -> Any:
    """Declare a setting: its default, what it must be in words, whether it is a secret (environment only)."""
    return field(default=default, metadata={"check": check, "secret": secret, "choices": choices})


@dataclass(frozen=True)
class Unit:
    """The commune: its names and contacts. An empty contact is shown as not yet filled in."""

    name: str = setting("xã Trung Dũng", check="tên xã, ví dụ “xã Tiên Hoa”")
    present_name: str = setting("xã Tiên Hoa")
    province: str = setting("tỉnh Hưng Yên")
    centre: str = setting("")
    address: str = setting("")
    working_hours: str = setting("")
    phone: str = setting("")
    police_phone: str = setting("")
    reception_day: str = setting("")
    email: str = setting("")
    website: str = setting("")
    zalo: str = setting("")
    thon: list[str] = setting(())


@dataclass(frozen=True)
class Web:
    """The citizens' page."""

    host: str = setting("127.0.0.1")
    port: int = setting(8080, check="số cổng từ 0 đến 65535 (0: máy tự chọn)")
    public_url: str = setting("")
    embed_on: list[str] = setting(())
    demo: bool = setting(False)
    metrics_token: str = setting("", secret=True)


@dataclass(frozen=True)
class DatabaseSettings:
    """Where everything is kept."""

    url: str = setting("sqlite:///data/motcua.db", check="sqlite:///đường/dẫn hoặc postgresql+psycopg://…")


@dataclass(frozen=True)
class FileSettings:
    """Where files that people send are kept, and how large one may be, in megabytes."""

    folder: str = setting("data/tep", check="đường dẫn thư mục")
    photo_mb: int = setting(15, check="số MB từ 1 đến 50")
    video_mb: int = setting(20, check="số MB từ 1 đến 50")
    document_mb: int = setting(20, check="số MB từ 1 đến 50")


@dataclass(frozen=True)
class Telegram:
    """The Telegram channel; off while there is no token."""

    token: str = setting("", secret=True)
    mode: str = setting("polling", choices=("polling", "webhook"))
    api_url: str = setting("https://api.telegram.org", check="địa chỉ http(s)")
    rate: float = setting(25.0, check="số tin mỗi giây, lớn hơn 0")
    staff_chat: str = setting("", check="số của nhóm cán bộ, bắt đầu bằng dấu trừ")
    username: str = setting("", check="tên bot, không có dấu @")


TOPICS = (
    "thu-tuc-moi: Thủ tục mới, thay đổi",
    "lich-lam-viec: Lịch tiếp công dân và giờ làm việc",
    "chuyen-muc: Chuyên mục cải cách hành chính hằng tháng",
    "su-kien: Sự kiện, tập huấn, cuộc thi",
    "khan-cap: Khẩn cấp, thiên tai",
)
_TOPIC = re.compile(r"([a-z0-9-]{1,32})\s*:\s*(\S.*)")


@dataclass(frozen=True)
class Announcements:
    """What people can ask to be told about, and how announcements are approved."""

    topics: list[str] = setting(TOPICS, check="danh sách “mã: Tên”, mã gồm chữ thường không dấu, số, gạch nối")
    two_person: bool = setting(True)

    @property
    def topic_names(self) -> dict[str, str]:
        """Return the names of the topics by id, in order."""
        found = (_TOPIC.fullmatch(line) for line in self.topics)
        return {match[1]: match[2] for match in found if match}


@dataclass(frozen=True)
class ZaloBot:
    """The Zalo Bot Platform channel; off while there is no token."""

    token: str = setting("", secret=True)
    mode: str = setting("polling", choices=("polling", "webhook"))
    secret: str = setting("", secret=True)
    api_url: str = setting("https://bot-api.zaloplatforms.com", check="địa chỉ http(s)")
    rate: float = setting(10.0, check="số tin mỗi giây, lớn hơn 0")


@dataclass(frozen=True)
class ZaloOa:
    """The Zalo Official Account channel; off while nothing of its app is set.

    Windows and what they cost are Zalo's to change: docs/huong-dan/ket-noi-zalo.md says where each figure comes from.
    """

    app_id: str = setting("")
    secret: str = setting("", secret=True)
    oa_secret: str = setting("", secret=True)
    refresh_token: str = setting("", secret=True)
    api_url: str = setting("https://openapi.zalo.me", check="địa chỉ http(s)")
    oauth_url: str = setting("https://oauth.zaloapp.com", check="địa chỉ http(s)")
    template_url: str = setting("https://business.openapi.zalo.me", check="địa chỉ http(s)")
    rate: float = setting(10.0, check="số tin mỗi giây, lớn hơn 0")
    button: str = setting("oa.query.show", choices=("oa.query.show", "oa.query.hide"))
    free_hours: int = setting(48, check="số giờ, từ 0")
    free_replies: int = setting(8, check="số tin, từ 0")
    consult_days: int = setting(7, check="số ngày, từ 0")
    paid: bool = setting(False)
    paid_price: int = setting(0, check="số đồng một tin, 0: chưa biết")
    template_id: str = setting("")
    template_field: str = setting("noi_dung")
    template_price: int = setting(120, check="số đồng một tin, 0: chưa biết")
    template_chars: int = setting(200, check="số ký tự, từ 1")
    quiet_from: int = setting(22, check="giờ, từ 0 đến 23")
    quiet_until: int = setting(6, check="giờ, từ 0 đến 23")

    @property
    def is_on(self) -> bool:
        return bool(self.app_id)


@dataclass(frozen=True)
class Privacy:
    """How long what citizens say is kept."""

    keep_messages_days: int = setting(30, check="số ngày, từ 1")
    keep_questions_days: int = setting(365, check="số ngày, từ 1")
    keep_cases_months: int = setting(24, check="số tháng, từ 1")


@dataclass(frozen=True)
class Cases:
    """Office hours and the commune's own promises for feedback; 0 days: as shipped in deadlines.toml."""

    hours: list[str] = setting(("7:30-11:30", "13:30-17:00"), check='các buổi, ví dụ ["7:30-11:30", "13:30-17:00"]')
    calendar: str = setting("")
    phan_anh: int = setting(0)
    kien_nghi: int = setting(0)
    hoi_dap: int = setting(0)
    gop_y: int = setting(0)
    khen_ngoi: int = setting(0)
    sang_kien: int = setting(0)
    dien_hinh: int = setting(0)
    second_review: int = setting(0)

    def promises(self) -> dict[str, int]:
        """Return the days that the commune sets itself, by key of deadlines.toml."""
        days = {f.name: getattr(self, f.name) for f in fields(self) if f.type == "int" or f.type is int}
        return {key: value for key, value in days.items() if value}


@dataclass(frozen=True)
class Console:
    """The officials' console."""

    require_second_factor: bool = setting(False)


@dataclass(frozen=True)
class Backup:
    """The nightly backups; none are made while `folder` is empty."""

    folder: str = setting("data/sao-luu")
    keep: int = setting(14, check="số bản, từ 1")


@dataclass(frozen=True)
class Config:
    """All settings."""

    unit: Unit
    web: Web
    database: DatabaseSettings
    files: FileSettings
    telegram: Telegram
    announcements: Announcements
    zalo_bot: ZaloBot
    zalo_oa: ZaloOa
    privacy: Privacy
    cases: Cases
    console: Console
    backup: Backup
