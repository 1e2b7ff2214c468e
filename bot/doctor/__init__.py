"""The examination of an installation: what is well, what wants a look, what is broken, and what to do about it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot import assembly, config
from bot.config import ConfigError
from bot.doctor import backups, channels, knowledge, machine, storage, telegram, webhooks, zalo
from bot.doctor.findings import Finding, broken, look, well
from bot.settings import Config


async def examine(environment: Mapping[str, str], *, now: Callable[[], datetime]) -> list[Finding]:
    """Return every finding, in the order in which to read them. Nothing is changed, and no secret is in them."""
    try:
        settings = config.load(environment)
    except ConfigError as error:
        faults = str(error).splitlines()
        return [broken("cấu hình", fault, "sửa rồi chạy lại motcua doctor") for fault in faults] + knowledge.examine(
            now()
        )
    return [
        well("cấu hình", "đọc được, mọi khóa hợp lệ"),
        *_commune(settings),
        *await storage.examine(settings, now=now),
        *knowledge.examine(now()),
        *await telegram.examine(settings, now=now),
        *await zalo.examine(settings, now=now),
        *await webhooks.examine(settings),
        *await channels.examine(settings, now=now),
        *await machine.examine(settings, now=now),
        *backups.examine(settings, assembly.shelf(settings), now()),
    ]


MAY_BE_EMPTY = ("present_name", "zalo")


def _commune(settings: Config) -> list[Finding]:
    """Tell what the commune has not filled in; the assistant says so to whoever asks for it."""
    unit = vars(settings.unit).items()
    empty = [f"unit.{name}" for name, value in unit if not value and name not in MAY_BE_EMPTY]
    if empty:
        return [look("thông tin của xã", f"chưa điền {', '.join(empty)}", "điền trong config.toml, phần [unit]")]
    return [well("thông tin của xã", "đã điền đủ")]
