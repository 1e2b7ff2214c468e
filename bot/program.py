"""The running program: which parts run together, and how they stop."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Coroutine
from typing import Any

from bot import assembly, scheduling
from bot.cases.warning import Group
from bot.channels.telegram.service import TelegramChannel
from bot.channels.web import server
from bot.channels.web.outbound import WebChannel
from bot.config import Config
from bot.console import app as console
from bot.console.office import Office
from bot.console.security import HOME
from bot.messages import Channel
from bot.notices import Courier
from bot.officials import invitations
from bot.storage.database import Database
from handlers.services import Services

log = logging.getLogger(__name__)

PARTS = ("web", "telegram", "worker", "scheduler")
STOP_SECONDS = 8.0  # a stop takes at most this long; service managers kill after ten


async def run(config: Config, parts: frozenset[str]) -> None:
    """Run the parts until SIGTERM or Ctrl-C, or until one of them fails; then stop them all."""
    listener = server.listen(config.web) if "web" in parts else None  # first, so that a port in use is told at once
    database = Database.open(config.database.url)
    services = assembly.services(config, database)
    await services.files.prepare()
    web = WebChannel(database, now=services.now)
    telegram = TelegramChannel(services) if config.telegram.token and parts & {"telegram", "worker"} else None
    work: list[Coroutine[Any, Any, None]] = []
    if telegram and "telegram" in parts:
        work.append(telegram.run())
    if listener:
        office = Office(config, services.texts, database, services.now)
        webhooks = telegram.routes if telegram and "telegram" in parts else []
        await _welcome(office, config.web.public_url or server.address(listener))
        work.append(server.serve(services, listener, channel=web, routes=[*webhooks, console.create(office)]))
    if "worker" in parts:
        channels: dict[str, Channel] = {"web": web} | ({"telegram": telegram} if telegram else {})
        work.append(Courier(database, channels, now=services.now).run())
    if "scheduler" in parts:
        work.append(_schedule(services))
    try:
        await _until_stopped(work)
    finally:
        if telegram:
            await telegram.close()
        await database.close()


async def _welcome(office: Office, address: str) -> None:
    """Tell the operator, while nobody has an account, the link that makes the first one. It is told nowhere else."""
    async with office.database.transaction() as transaction:
        token = await invitations.first_administrator(transaction, now=office.now())
    if token:
        link = f"{address.rstrip('/')}{HOME}/moi/{token}"
        log.warning("Mở liên kết này để tạo tài khoản quản trị đầu tiên: %s", link)


async def _schedule(services: Services) -> None:
    config, database = services.config, services.database
    jobs = scheduling.scheduler(database, config.privacy, now=services.now)
    scheduling.add_cases(jobs, database, services.desk, _staff_group(config), now=services.now)
    if shelf := assembly.shelf(config):
        scheduling.add_backups(jobs, shelf, now=services.now)
    jobs.start()
    # What a machine that was off at night missed. A stop waits for it: a transaction cut off here would end untidily.
    forgetting = asyncio.create_task(scheduling.forget_old(database, config.privacy, now=services.now))
    try:
        await asyncio.shield(forgetting)
        await asyncio.Event().wait()
    finally:
        jobs.shutdown(wait=False)
        await forgetting


def _staff_group(config: Config) -> Group | None:
    chat = config.telegram.staff_chat
    return Group("telegram", chat) if chat and config.telegram.token else None


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _until_stopped(work: list[Coroutine[Any, Any, None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    tasks = {asyncio.create_task(part) for part in work}
    tasks.add(asyncio.create_task(_wait(stop)))
    done, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        log.info("đang dừng…")
    for task in running:
        task.cancel()
    await asyncio.wait(running, timeout=STOP_SECONDS) if running else None
    for task in done:
        with contextlib.suppress(asyncio.CancelledError):
            task.result()
