"""The machine: its clock and zone, and the port of the web page."""

import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.doctor.findings import Finding, broken, look, well
from bot.settings import Config, Web
from knowledge import loading

PATIENCE_SECONDS = 3.0
VIET_NAM = timedelta(hours=7)


async def examine(settings: Config, *, now: Callable[[], datetime]) -> list[Finding]:
    """Return what is found about the machine and about a program that runs on it already."""
    return [*_clock(now()), *await _port(settings.web)]


def _clock(now: datetime) -> list[Finding]:
    newest = max((e.reviewed_on for e in loading.load_with_faults()[0].entries.values()), default=now.date())
    if now.date() < newest:
        told = f"máy nói hôm nay là {now:%d/%m/%Y}, trước ngày soạn kho kiến thức ({newest:%d/%m/%Y})"
        return [broken("đồng hồ và múi giờ", told, "đặt lại giờ: sudo timedatectl set-ntp true")]
    local = datetime.now().astimezone()
    if local.utcoffset() == VIET_NAM:
        return [well("đồng hồ và múi giờ", f"{now:%H:%M %d/%m/%Y}, giờ Việt Nam")]
    told = f"{now:%H:%M %d/%m/%Y} giờ Việt Nam; máy đặt múi giờ {local.tzname()}, chương trình vẫn tính giờ Việt Nam"
    return [well("đồng hồ và múi giờ", told)]


async def _port(web: Web) -> list[Finding]:
    what = f"cổng {web.port}"
    if web.port == 0:
        return [well("cổng web", "máy tự chọn khi chạy")]
    try:
        socket.create_server((web.host, web.port)).close()
    except OSError as error:
        running = await _ask_program(web)
        if running is None:
            told = f"không mở được ({error.strerror}), và không phải chương trình này đang giữ"
            return [broken(what, told, "đóng chương trình đang giữ cổng, hoặc đổi [web] port")]
        return _of_program(what, running)
    return [look(what, "trống: chương trình chưa chạy trên máy này", "chạy motcua run")]


async def _ask_program(web: Web) -> dict[str, Any] | None:
    """Return what the program on the port says of itself; None when it is another program's port."""
    host = "127.0.0.1" if web.host in ("0.0.0.0", "::", "") else web.host  # noqa: S104 (compared, not opened)
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, trust_env=False) as client:
            told = (await client.get(f"http://{host}:{web.port}/readyz")).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    return told if isinstance(told, dict) and "ready" in told else None


def _of_program(what: str, told: dict[str, Any]) -> list[Finding]:
    if not told["ready"]:
        return [broken(what, f"chương trình đang chạy nhưng không phục vụ được: {told.get('database')}", "xem nhật ký")]
    failing = {name: state for name, state in told.get("channels", {}).items() if state.get("last_error")}
    found = [well(what, "chương trình đang chạy và phục vụ được")]
    return found + [
        look(f"kênh {name}", f"lỗi gần nhất: {state['last_error']}, lúc {state['failed_at']}", "xem docs/runbooks")
        for name, state in failing.items()
    ]
