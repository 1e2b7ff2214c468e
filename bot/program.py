"""The running program: which parts run together, and how they stop."""

import asyncio
import contextlib
import faulthandler
import gc
import logging
import signal
from collections.abc import Coroutine, Mapping
from typing import Any

from starlette.routing import Route

from bot import assembly, previews, scheduling
from bot.broadcasting import mark, worker
from bot.broadcasting.mark import Mark
from bot.broadcasting.office import Office as Newsroom
from bot.cases.warning import Group
from bot.channels.telegram.service import TelegramChannel
from bot.channels.web import server
from bot.channels.web.outbound import WebChannel
from bot.channels.zalo_bot import service as zalo_bot
from bot.channels.zalo_bot.service import ZaloBotChannel
from bot.channels.zalo_oa import service as zalo_oa
from bot.channels.zalo_oa.service import ZaloOaChannel
from bot.console import app as console
from bot.console.office import Office
from bot.console.security import HOME
from bot.health import Ask
from bot.messages import Channel
from bot.notices import Courier
from bot.officials import invitations
from bot.settings import Config
from bot.storage.database import Database
from bot.watchdog import pulse
from bot.watchdog.loop import Watchdog
from handlers.services import Services

log = logging.getLogger(__name__)

PARTS = ("web", "telegram", "zalo", "worker", "scheduler")
STOP_SECONDS = 8.0  # a stop takes at most this long; service managers kill after ten
LAST_SECONDS = 9.0


async def run(config: Config, parts: frozenset[str]) -> None:
    """Run the parts until SIGTERM or Ctrl-C, or until one of them fails; then stop them all."""
    listener = server.listen(config.web) if "web" in parts else None  # first, so that a port in use is told at once
    database = Database.open(config.database.url)
    services = assembly.services(config, database)
    gc.freeze()  # the index lives as long as the program: no collection need walk through it in the middle of an answer
    await services.files.prepare()
    web = WebChannel(database, now=services.now)
    platforms = _platforms(services, parts)
    heard = [platform for part, platform in platforms if part in parts]
    work: list[Coroutine[Any, Any, None]] = [platform.run() for platform in heard]
    if listener:
        office = Office(config, services.desk, database, services.files, services.now, previews.of)
        webhooks = [route for platform in heard for route in platform.routes]
        await _welcome(office, config.web.public_url or server.address(listener))
        routes = [*webhooks, *fetched(services), console.create(office)]
        work.append(server.serve(services, listener, channel=web, routes=routes))
    if "worker" in parts:
        channels: dict[str, Channel] = {"web": web, **{platform.name: platform for _, platform in platforms}}
        work += [_announce(services, channels), Courier(database, channels, now=services.now).run()]
    asks = {platform.name: platform.examine for platform in heard} | ({"web": pulse.lives} if listener else {})
    work.append(_watchdog(services, asks).run())
    if "scheduler" in parts:
        work.append(_schedule(services))
    try:
        await _until_stopped(work)
    finally:
        for _, platform in platforms:
            await platform.close()
        await database.close()


Platform = TelegramChannel | ZaloBotChannel | ZaloOaChannel


def _platforms(services: Services, parts: frozenset[str]) -> list[tuple[str, Platform]]:
    """Return the platforms that the settings switch on, each with the part that hears it; the worker sends on all."""
    config = services.config
    found: list[tuple[str, Platform]] = []
    if config.telegram.token and parts & {"telegram", "worker"}:
        found.append(("telegram", TelegramChannel(services)))
    if config.zalo_bot.token and parts & {"zalo", "worker"}:
        found.append(("zalo", ZaloBotChannel(services)))
    if config.zalo_oa.is_on and parts & {"zalo", "worker"}:
        found.append(("zalo", ZaloOaChannel(services)))
        if "web" not in parts:
            log.warning("zalo_oa: Zalo gọi vào trang web của chương trình này; chạy cả phần web thì mới nhận được tin")
    return found


def fetched(services: Services) -> list[Route]:
    """Return where Zalo and people fetch the files that were sent on Zalo, whichever process sends there."""
    config = services.config
    of_bot = zalo_bot.links(services).routes if config.zalo_bot.token else []
    return [*of_bot, *(zalo_oa.links(services).routes if config.zalo_oa.is_on else [])]


async def _welcome(office: Office, address: str) -> None:
    """Tell the operator, while nobody has an account, the link that makes the first one. It is told nowhere else."""
    async with office.database.transaction() as transaction:
        token = await invitations.first_administrator(transaction, now=office.now())
    if token:
        link = f"{address.rstrip('/')}{HOME}/moi/{token}"
        log.warning("Mở liên kết này để tạo tài khoản quản trị đầu tiên: %s", link)


async def _announce(services: Services, channels: Mapping[str, Channel]) -> None:
    outside = Mark(mark.path_for(services.config.database.url))
    await worker.work(
        Newsroom(services.database, services.texts, services.desk.calendar, outside, services.now), channels
    )


async def _schedule(services: Services) -> None:
    config, database = services.config, services.database
    jobs = scheduling.scheduler(database, config.privacy, now=services.now)
    scheduling.add_cases(jobs, database, services.desk, _staff_group(config), now=services.now)
    scheduling.add_events(jobs, database, services.texts, now=services.now)
    scheduling.add_sweeping(jobs, database, services.files, now=services.now)
    if shelf := assembly.shelf(config):
        scheduling.add_backups(jobs, shelf, now=services.now)
    jobs.start()
    # What a machine that was off at night missed. A stop waits for it: a transaction cut off here would end untidily.
    forgetting = asyncio.create_task(_catch_up(services))
    try:
        await asyncio.shield(forgetting)
        await asyncio.Event().wait()
    finally:
        jobs.shutdown(wait=False)
        await forgetting


def _watchdog(services: Services, asks: Mapping[str, Ask]) -> Watchdog:
    return Watchdog(services.config, services.database, services.texts, services.health, asks, now=services.now)


def _staff_group(config: Config) -> Group | None:
    chat = config.telegram.staff_chat
    return Group("telegram", chat) if chat and config.telegram.token else None


async def _catch_up(services: Services) -> None:
    database = services.database
    await scheduling.forget_old(database, services.config.privacy, now=services.now)
    await scheduling.sweep_files(database, services.files, now=services.now)


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
        # Whatever still hangs is told with the place where it hangs, and the program ends all the same.
        faulthandler.dump_traceback_later(LAST_SECONDS, exit=True)
    for task in running:
        task.cancel()
    await asyncio.wait(running, timeout=STOP_SECONDS) if running else None
    for task in done:
        with contextlib.suppress(asyncio.CancelledError):
            task.result()
