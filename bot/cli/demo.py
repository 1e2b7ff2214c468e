"""`motcua demo`: the program on made-up people, in a folder and on a port of its own, to look round in."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import click

import handlers
from bot import assembly, config, program
from bot.cli.examples import announcements, cases, officials
from bot.console.security import HOME
from bot.messages import Incoming
from bot.settings import Config
from bot.storage import inspection
from bot.storage.database import Database, upgrade
from handlers.services import Services

FOLDER = "data-demo"
PORT = 8081
CHANNELS = ("MOTCUA_TELEGRAM__", "MOTCUA_ZALO_")  # a real bot must not answer from made-up data

log = logging.getLogger(__name__)


@click.command()
@click.option("--port", default=PORT, help="Số cổng của trang mẫu.")
def demo(port: int) -> None:
    """Chạy bản mẫu, có sẵn dữ liệu đặt ra, trong thư mục data-demo."""
    settings = config.load(environment(os.environ, port))
    assembly.quiet_logs()
    upgrade(settings.database.url)
    asyncio.run(_fill_and_run(settings))


def environment(real: Mapping[str, str], port: int) -> dict[str, str]:
    """Return the settings of the example: nothing of the real data, bots or backups is touched."""
    kept = {name: value for name, value in real.items() if not name.startswith(CHANNELS)}
    return kept | {
        "MOTCUA_DATABASE__URL": f"sqlite:///{FOLDER}/motcua.db",
        "MOTCUA_FILES__FOLDER": f"{FOLDER}/tep",
        "MOTCUA_BACKUP__FOLDER": "",
        "MOTCUA_CONSOLE__REQUIRE_SECOND_FACTOR": "false",
        "MOTCUA_WEB__DEMO": "true",
        "MOTCUA_WEB__PORT": str(port),
        "MOTCUA_WEB__PUBLIC_URL": "",
    }


async def _fill_and_run(settings: Config) -> None:
    database = Database.open(settings.database.url)
    try:
        await fill(assembly.services(settings, database))
    finally:
        await database.close()
    log.info("CÁN BỘ MẪU: vào %s bằng tên %s; mật khẩu chung: %s", HOME, _names(), officials.PASSWORD)
    await program.run(settings, frozenset({"web", "worker", "scheduler"}))


def _names() -> str:
    return ", ".join(name for name, *_ in officials.OFFICIALS)


async def fill(services: Services) -> None:
    """Fill an empty database with the example; one that holds anything is left as it is."""
    async with services.database.transaction() as transaction:
        if any((await inspection.rows(transaction)).values()):
            return
    for part in PARTS:
        await part(services)
    log.info("đã tạo dữ liệu mẫu trong %s", FOLDER)


@dataclass(frozen=True, slots=True)
class Story:
    """What one made-up person says, turn by turn, some days ago; "[…]" presses the button of that name if offered."""

    person: str
    channel: str
    days_ago: int
    turns: tuple[str, ...]


STORIES = (
    Story("bà Lan (mẫu)", "web", 0, ("lam giay khai sinh can gi", "thế lệ phí bao nhiêu", "[Đúng]", "cảm ơn nhé")),
    Story("ông Minh (mẫu)", "web", 1, ("mất cccd giờ làm lại ở đâu", "[Lệ phí]", "[Đúng]")),
    Story("chị Hoa (mẫu)", "telegram", 2, ("đăng ký kết hôn mất bao lâu", "[Chưa đúng]", "[Thiếu điều tôi cần]")),
    Story("anh Tuấn (mẫu)", "telegram", 3, ("xin phép làm nhà", "[Không phải các việc trên]", "[Chuyển cho cán bộ]")),
    Story("cụ Bình (mẫu)", "web", 4, ("chủ đề", "[Hộ tịch]")),
    Story("chị Nga (mẫu)", "web", 6, ("dang ky tam tru can giay to gi", "nộp ở đâu", "[Đúng]")),
    Story("anh Dũng (mẫu)", "telegram", 9, ("chứng thực bản sao hết bao nhiêu tiền", "trực tuyến được không")),
    Story(
        "bà Sáu (mẫu)", "web", 12, ("đèn đường thôn tôi hỏng cả tuần", "gặp cán bộ", "Đèn đường đầu thôn hỏng, ai sửa?")
    ),
    Story("em Vy (mẫu)", "web", 15, ("kết quả xổ số hôm nay", "hủy")),
    Story("ông Tám (mẫu)", "telegram", 20, ("làm sổ đỏ lần đầu cần giấy tờ gì", "bao lâu có", "[Đúng]")),
)


async def conversations(services: Services) -> None:
    """Let the people of the stories talk with the assistant, each on the day of the story."""
    for story in sorted(STORIES, key=lambda story: -story.days_ago):
        await _tell(story, services)


async def _tell(story: Story, services: Services) -> None:
    begun = services.now() - timedelta(days=story.days_ago, minutes=len(story.turns))
    offered: dict[str, str] = {}
    for minute, said in enumerate(story.turns):
        pressed = offered.get(said.strip("[]"), "") if said.startswith("[") else None
        if pressed != "":
            incoming = Incoming(story.channel, story.person, "" if pressed else said, pressed, greeted=True)
            replies = await handlers.converse(incoming, replace(services, now=_at(begun + timedelta(minutes=minute))))
            offered |= {choice.label: choice.id for reply in replies for choice in reply.choices}


def _at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


# What the example is filled with, in order: each adds its made-up rows through the functions that real ones go through.
PARTS: tuple[Callable[[Services], Awaitable[None]], ...] = (
    conversations,
    officials.hire,
    cases.file,
    announcements.subscribe,
    announcements.write,
)
