"""Settings: config.toml, then the environment; a wrong one stops start-up with key, value and remedy."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast, get_type_hints

from bot.settings import MOST_FILE_MB, Config

PREFIX = "MOTCUA_"


class ConfigError(Exception):
    """Settings that cannot be used; every fault is one line naming key, value and remedy."""


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
        ("telegram.username", telegram.username, _is_username(telegram.username), "tên bot, ví dụ tienhoa_bot"),
        ("unit.zalo", unit.zalo, _is_zalo(unit.zalo), "địa chỉ bắt đầu bằng https://zalo.me/"),
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


def _is_username(name: str) -> bool:
    """Tell whether a setting names no bot, or one as Telegram names them."""
    return not name or re.fullmatch(r"[A-Za-z0-9_]{5,32}", name) is not None


def _is_zalo(link: str) -> bool:
    return not link or link.startswith("https://zalo.me/")


def _is_reachable(config: Config) -> bool:
    """Tell whether Telegram could call us where settings ask it to."""
    needs = config.telegram.mode == "webhook" and bool(config.telegram.token)
    return not needs or _is_address(config.web.public_url)


_ZALO_RANGES: tuple[tuple[tuple[str, ...], Callable[[Any], bool], str], ...] = (
    (("api_url", "oauth_url", "template_url"), _is_address, "địa chỉ bắt đầu bằng https://"),
    (("rate", "template_chars"), lambda value: value > 0, "số lớn hơn 0"),
    (
        ("free_hours", "free_replies", "consult_days", "paid_price", "template_price"),
        lambda value: value >= 0,
        "số từ 0",
    ),
    (("quiet_from", "quiet_until"), lambda value: 0 <= value <= 23, "giờ từ 0 đến 23"),
)
