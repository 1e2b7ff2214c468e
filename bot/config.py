"""Settings: config.toml, then the environment; a wrong one stops start-up with key, value and remedy."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, cast, get_type_hints

PREFIX = "MOTCUA_"
MOST_FILE_MB = 50  # one upload to the web page must hold the largest file and some more


class ConfigError(Exception):
    """Settings that cannot be used; every fault is one line naming key, value and remedy."""


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
    template_id: str = setting("")
    template_field: str = setting("noi_dung")
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


def load(environment: Mapping[str, str] = os.environ) -> Config:
    """Return the settings from the file named by MOTCUA_CONFIG (default config.toml) and the environment."""
    path = Path(environment.get(f"{PREFIX}CONFIG", "config.toml"))
    faults: list[str] = []
    raw = _read(path, faults)
    sections = {
        name: _section(cast("type[Any]", kind), name, raw.pop(name, {}), environment, faults)
        for name, kind in get_type_hints(Config).items()
    }
    faults += [f"[{name}] trong {path.name}: không có phần này; xóa đi hoặc sửa tên" for name in raw]
    if not faults:
        config = Config(**sections)
        faults += _impossible(config) + _impossible_zalo(config)
    if faults:
        raise ConfigError("\n".join(faults))
    return config


def _read(path: Path, faults: list[str]) -> dict[str, Any]:
    if not path.exists():
        faults.append(f"không thấy tệp cấu hình {path}; chạy trong thư mục có config.toml hoặc đặt MOTCUA_CONFIG")
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path}: không đọc được ({error}); sửa tệp rồi chạy lại")
        return {}


def _section(
    kind: type[Any], section: str, raw: dict[str, Any], environment: Mapping[str, str], faults: list[str]
) -> Any:
    values, hints = {}, get_type_hints(kind)
    for f in fields(kind):
        key = f"{section}.{f.name}"
        if f.name in raw and f.metadata["secret"]:
            faults.append(f"{key}: là bí mật, không để trong tệp; đặt biến {_variable(section, f.name)}")
        found = _from_environment(_variable(section, f.name), environment, faults)
        written = raw.pop(f.name, f.default)
        value = written if found is None else found
        values[f.name] = _typed(key, value, hints[f.name], f.metadata, faults)
    faults += [f"{section}.{name}: không có khóa này; xóa đi hoặc sửa tên" for name in raw]
    return kind(**values)


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}__{key}".upper()


def _from_environment(name: str, environment: Mapping[str, str], faults: list[str]) -> str | None:
    path = environment.get(f"{name}_FILE")
    if path is None:
        return environment.get(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        faults.append(f"{name}_FILE: không đọc được {path} ({error.strerror}); kiểm tra đường dẫn và quyền đọc")
        return None


def _typed(key: str, value: Any, hint: Any, rule: Mapping[str, Any], faults: list[str]) -> Any:
    shown = "(bí mật)" if rule["secret"] else repr(value)
    try:
        typed = _convert(value, hint)
    except ValueError:
        faults.append(f"{key} = {shown}: không hợp lệ; cần {rule['check'] or _kind(hint)}")
        return value
    if rule["choices"] and typed not in rule["choices"]:
        faults.append(f"{key} = {shown}: chọn một trong {', '.join(rule['choices'])}")
    return typed


def _convert(value: Any, hint: Any) -> Any:
    if hint is bool:
        return _truth(value)
    if hint in (int, float) and isinstance(value, str | int | float) and not isinstance(value, bool):
        return hint(value)
    if hint is bool and str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    if hint == list[str] and isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if hint == list[str] and isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return list(value)
    if hint is str and isinstance(value, str):
        return value.strip()
    raise ValueError(value)


def _truth(value: Any) -> bool:
    words = {True: True, False: False, "true": True, "false": False}
    if not isinstance(value, bool | str) or value not in words:
        raise ValueError(value)
    return words[value]


def _kind(hint: Any) -> str:
    kinds = {bool: "true hoặc false", int: "một số nguyên", float: "một số", str: "chuỗi chữ trong dấu ngoặc kép"}
    return kinds.get(hint, "danh sách chuỗi")


def _impossible(config: Config) -> list[str]:
    """Return the faults of values that have the right type."""
    unit, web, files, telegram, privacy = config.unit, config.web, config.files, config.telegram, config.privacy
    sizes = {name: getattr(files, name) for name in ("photo_mb", "video_mb", "document_mb")}
    known_database = config.database.url.startswith(("sqlite:///", "postgresql+psycopg://"))
    messages, questions = privacy.keep_messages_days, privacy.keep_questions_days
    topics = config.announcements.topics
    named = len(config.announcements.topic_names) == len(topics) > 0
    rules = (
        ("unit.name", unit.name, bool(unit.name), "tên xã, ví dụ “xã Tiên Hoa”"),
        ("web.port", web.port, 0 <= web.port <= 65535, "số cổng từ 0 đến 65535"),
        ("database.url", "(địa chỉ)", known_database, "sqlite:///đường/dẫn hoặc postgresql+psycopg://…"),
        ("files.folder", files.folder, bool(files.folder), "đường dẫn thư mục"),
        *(
            (f"files.{name}", mb, 1 <= mb <= MOST_FILE_MB, f"số MB từ 1 đến {MOST_FILE_MB}")
            for name, mb in sizes.items()
        ),
        ("telegram.api_url", telegram.api_url, _is_address(telegram.api_url), "địa chỉ bắt đầu bằng https://"),
        ("telegram.rate", telegram.rate, telegram.rate > 0, "số lớn hơn 0"),
        ("announcements.topics", topics, named, "danh sách “mã: Tên”, mã gồm chữ thường không dấu, số, gạch nối"),
        (
            "telegram.staff_chat",
            telegram.staff_chat,
            _is_group(telegram.staff_chat),
            "số của nhóm, ví dụ -1001234567890",
        ),
        ("web.public_url", web.public_url, _is_reachable(config), "địa chỉ https:// vì telegram.mode là webhook"),
        ("privacy.keep_messages_days", messages, messages >= 1, "số ngày, từ 1"),
        ("privacy.keep_questions_days", questions, questions >= 1, "số ngày, từ 1"),
        ("privacy.keep_cases_months", privacy.keep_cases_months, privacy.keep_cases_months >= 1, "số tháng, từ 1"),
        ("backup.keep", config.backup.keep, config.backup.keep >= 1, "số bản, từ 1"),
    )
    return [f"{key} = {value!r}: không hợp lệ; cần {remedy}" for key, value, good, remedy in rules if not good]


def _impossible_zalo(config: Config) -> list[str]:
    """Return the faults of the Zalo channels; half a set of secrets is one, for it would look like a channel."""
    bot, oa = config.zalo_bot, config.zalo_oa
    oa_keys = {name: getattr(oa, name) for name in ("app_id", "secret", "oa_secret", "refresh_token")}
    needed = {("zalo_oa", name): value for name, value in oa_keys.items() if any(oa_keys.values())}
    if bot.token and bot.mode == "webhook":
        needed["zalo_bot", "secret"] = bot.secret
        needed["web", "public_url"] = config.web.public_url
    faults = [f"{s}.{n}: thiếu; đặt biến {_variable(s, n)}" for (s, n), value in needed.items() if not value]
    if bot.secret and not (bot.secret.isascii() and 8 <= len(bot.secret) <= 256):
        faults.append("zalo_bot.secret = (bí mật): không hợp lệ; cần từ 8 đến 256 chữ không dấu và số")
    for name, section in (("zalo_bot", bot), ("zalo_oa", oa)):
        for keys, is_good, remedy in _ZALO_RANGES:
            values = {key: getattr(section, key) for key in keys if hasattr(section, key)}
            faults += [f"{name}.{k} = {v!r}: không hợp lệ; cần {remedy}" for k, v in values.items() if not is_good(v)]
    return faults


def _is_address(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def _is_group(chat: str) -> bool:
    """Tell whether a setting names no group, or one as Telegram numbers them: below zero."""
    return not chat or (chat.startswith("-") and chat[1:].isascii() and chat[1:].isdecimal())


def _is_reachable(config: Config) -> bool:
    """Tell whether Telegram could call us where settings ask it to."""
    needs = config.telegram.mode == "webhook" and bool(config.telegram.token)
    return not needs or _is_address(config.web.public_url)


_ZALO_RANGES: tuple[tuple[tuple[str, ...], Callable[[Any], bool], str], ...] = (
    (("api_url", "oauth_url", "template_url"), _is_address, "địa chỉ bắt đầu bằng https://"),
    (("rate", "template_chars"), lambda value: value > 0, "số lớn hơn 0"),
    (("free_hours", "free_replies", "consult_days"), lambda value: value >= 0, "số từ 0"),
    (("quiet_from", "quiet_until"), lambda value: 0 <= value <= 23, "giờ từ 0 đến 23"),
)
