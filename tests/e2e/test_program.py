"""The program as the operator runs it: a process of its own, signals, pipes, and a power cut."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.doubles import PATIENCE, TOKEN, FakeTelegram, Person

ROOT = Path(__file__).parents[2]
MOTCUA = str(Path(sys.executable).with_name("motcua"))
OPENED = "mở trang hỏi đáp: "
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10
NOWHERE = "http://127.0.0.1:9"
PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """The environment of an operator with an empty database; any free port."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return inherited | {
        "MOTCUA_DATABASE__URL": f"sqlite:///{tmp_path}/motcua.db",
        "MOTCUA_BACKUP__FOLDER": f"{tmp_path}/sao-luu",
        "MOTCUA_FILES__FOLDER": f"{tmp_path}/tep",
        "MOTCUA_WEB__PORT": "0",
    }


class Program:
    """`motcua run` at work."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.log = ""
        self._reading = asyncio.create_task(self._read())
        self._grown = asyncio.Event()

    async def _read(self) -> None:
        assert self.process.stderr
        async for line in self.process.stderr:
            self.log += line.decode()
            self._grown.set()
        self._grown.set()

    async def address(self) -> str:
        """Wait until the page is open; return where."""
        async with asyncio.timeout(SECONDS_TO_START):
            while OPENED not in self.log:
                assert not self._reading.done(), f"motcua run ended:\n{self.log}"
                self._grown.clear()
                await self._grown.wait()
        return self.log.partition(OPENED)[2].split()[0]

    async def end(self, sign: signal.Signals) -> int:
        """Send a signal; return the exit status. An assertion with the log when the program does not stop in time."""
        self.process.send_signal(sign)
        try:
            async with asyncio.timeout(SECONDS_TO_STOP):
                status = await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self._reading
            raise AssertionError(f"it did not stop; its log:\n{self.log}") from None
        await self._reading
        assert "Timeout (" not in self.log, f"it hung and was ended:\n{self.log}"
        return status


@asynccontextmanager
async def running(settings: Mapping[str, str], *, only: str = "", **more: str) -> AsyncIterator[Program]:
    """Start the program; what a test leaves running is killed."""
    parts = ("--only", only) if only else ()
    process = await asyncio.create_subprocess_exec(
        MOTCUA, "run", *parts, cwd=ROOT, env={**settings, **more}, stderr=asyncio.subprocess.PIPE
    )
    program = Program(process)
    try:
        yield program
    finally:
        if process.returncode is None:
            await program.end(signal.SIGKILL)


async def command(settings: Mapping[str, str], *arguments: str, typed: str = "") -> tuple[int, str, str]:
    """Run a command to its end; return its exit status, what it printed and what it complained of."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        MOTCUA, *arguments, cwd=ROOT, env=settings, stdin=pipe, stdout=pipe, stderr=pipe
    )
    async with asyncio.timeout(SECONDS_TO_START):
        printed, complained = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, printed.decode(), complained.decode()


async def test_it_answers_lets_others_work_and_stops_when_asked(settings: dict[str, str]) -> None:
    async with running(settings) as program, httpx.AsyncClient(base_url=await program.address()) as lan:
        assert (await lan.get("/healthz")).status_code == 200
        assert (await lan.get("/readyz")).json()["ready"] is True
        answer = await lan.post("/api/chat", json={"text": PAPERS})
        assert answer.json()["replies"][0]["text"].startswith(PAPERS_CARD)

        status, printed, complained = await command(settings, "ask", PAPERS, "--json")
        assert (status, complained) == (0, "")
        assert (json.loads(printed)["entry"], json.loads(printed)["facet"]) == ("ket-hon", "documents")

        async with lan.stream("GET", "/api/chat/updates") as still_open:
            assert still_open.status_code == 200
            assert await program.end(signal.SIGTERM) == 0
            assert await still_open.aread(), "an open page is sent away politely"
        assert "Traceback" not in program.log


async def test_a_backup_is_made_beside_the_program_and_restored_without_it(
    settings: dict[str, str], tmp_path: Path
) -> None:
    archive = str(tmp_path / "motcua.zip")
    async with running(settings) as program, httpx.AsyncClient(base_url=await program.address()) as lan:
        await lan.post("/api/chat", json={"text": PAPERS})
        status, printed, complained = await command(settings, "database", "backup", archive)
        assert (status, complained) == (0, "")
        assert "đủ và đúng" in printed
        assert (await lan.post("/api/chat", json={"text": PAPERS})).status_code == 200
        status, _, complained = await command(settings, "database", "restore", archive, "--yes")
        assert status == 2
        assert "dừng chương trình rồi thử lại" in complained
        assert (await lan.post("/api/chat", json={"text": PAPERS})).status_code == 200
        assert await program.end(signal.SIGTERM) == 0
    assert asked(tmp_path / "motcua.db") == 3
    assert "đã sao lưu vào" in program.log, "the night's backup was missing"
    status, _, complained = await command(settings, "database", "restore", archive)
    assert status == 2
    assert "--yes" in complained
    status, printed, complained = await command(settings, "database", "restore", archive, "--yes")
    assert (status, complained) == (0, "")
    assert asked(tmp_path / "motcua.db") == 1
    old = next(line.removeprefix("Dữ liệu cũ: ") for line in printed.splitlines() if line.startswith("Dữ liệu cũ"))
    assert asked(Path(old)) == 3


def asked(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM questions").fetchone()[0])


async def test_a_second_start_is_told_in_one_line_and_ctrl_c_stops_the_first(settings: dict[str, str]) -> None:
    away = {"MOTCUA_TELEGRAM__TOKEN": TOKEN, "MOTCUA_TELEGRAM__API_URL": NOWHERE}
    async with running(settings, **away) as first:
        port = str(httpx.URL(await first.address()).port)
        status, _, complained = await command(settings | {"MOTCUA_WEB__PORT": port}, "run")
        assert status == 2
        (line,) = complained.splitlines()
        assert line.startswith(f"motcua: web.port = {port}: không mở được")
        assert "đổi số cổng" in line
        assert await first.end(signal.SIGINT) == 0
    assert "telegram initialize: NetworkError" in first.log, "Telegram was away all the while"
    assert "Traceback" not in first.log
    assert TOKEN not in first.log


@pytest.mark.parametrize(
    ("arguments", "wrong", "told"),
    [
        (
            ("run",),
            {"MOTCUA_WEB__PORT": "tám mươi", "MOTCUA_TELEGRAM__RATE": "nhanh", "MOTCUA_TELEGRAM__TOKEN": TOKEN},
            ["web.port", "telegram.rate"],
        ),
        (("run",), {"MOTCUA_CONFIG": "/khong/co.toml"}, ["không thấy tệp cấu hình"]),
        (("run", "--only", "fax"), {}, ["--only"]),
        (("run", "--only", "telegram"), {}, ["MOTCUA_TELEGRAM__TOKEN"]),
        (("run", "--only", "web,telegram"), {}, ["MOTCUA_TELEGRAM__TOKEN"]),
        (("ask", "--batch", "/khong/co.jsonl"), {}, ["không đọc được"]),
    ],
    ids=str,
)
async def test_wrong_use_is_one_line_a_fault_and_exit_2(
    settings: dict[str, str], arguments: tuple[str, ...], wrong: dict[str, str], told: list[str]
) -> None:
    status, printed, complained = await command(settings | wrong, *arguments)
    assert (status, printed) == (2, "")
    lines = complained.splitlines()
    assert len(lines) == len(told), complained
    for line, sign in zip(lines, told, strict=True):
        assert line.startswith("motcua: ")
        assert sign in line
    assert TOKEN not in complained


async def test_a_power_cut_loses_nobodys_question(settings: dict[str, str], tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        at_telegram = settings | {"MOTCUA_TELEGRAM__TOKEN": TOKEN, "MOTCUA_TELEGRAM__API_URL": telegram.url}
        answered, kept, waiting = ([telegram.person(f"{who} {n}") for n in range(4)] for who in ("bà", "ông", "chị"))
        logs = ""
        async with running(at_telegram) as first:
            for person in answered:
                person.say(PAPERS)
            await everyone_is_answered(answered)
            await all_is_noted(tmp_path / "motcua.db", len(answered))
            held = telegram.hold("sendMessage", times=1_000)
            updates = [person.say(PAPERS) for person in kept]
            await telegram.until(lambda: all(telegram.is_confirmed(number) for number in updates))
            for person in waiting:
                person.say(PAPERS)
            assert await first.end(signal.SIGKILL) == -signal.SIGKILL
            logs += first.log
        assert [person.seen for person in (*kept, *waiting)] == [[]] * 8, "nobody of these had an answer yet"
        held.times = 0
        async with running(at_telegram) as second:
            await everyone_is_answered([*kept, *waiting])
            assert await second.end(signal.SIGTERM) == 0
            logs += second.log
    assert TOKEN.partition(":")[2] not in logs
    assert "Traceback" not in logs
    assert all(len(person.seen) == 2 for person in answered), "and nobody is told the same again"


async def everyone_is_answered(people: list[Person]) -> None:
    await people[0].telegram.until(
        lambda: all(any(PAPERS_CARD in message.text for message in person.seen) for person in people), SECONDS_TO_START
    )


async def all_is_noted(path: Path, count: int) -> None:
    """Wait until the program has noted so many updates as acted on."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        async with asyncio.timeout(PATIENCE):
            while database.execute("SELECT count(*) FROM inbox WHERE done").fetchone()[0] < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_the_example_is_filled_and_marked_in_a_folder_of_its_own(
    settings: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = settings | {"MOTCUA_CONFIG": str(ROOT / "config.toml"), "MOTCUA_TELEGRAM__TOKEN": TOKEN}
    process = await asyncio.create_subprocess_exec(
        MOTCUA, "demo", "--port", "0", cwd=tmp_path, env=elsewhere, stderr=asyncio.subprocess.PIPE
    )
    program = Program(process)
    async with httpx.AsyncClient(base_url=await program.address()) as lan:
        assert "DỮ LIỆU MẪU" in (await lan.get("/")).text
        assert (await lan.get("/readyz")).json()["channels"]["telegram"]["configured"] is False
    assert await program.end(signal.SIGTERM) == 0
    assert asked(tmp_path / "data-demo" / "motcua.db") > 8
    assert not (tmp_path / "motcua.db").exists()


async def test_ctrl_c_ends_a_talk_at_once_though_a_line_is_awaited(settings: dict[str, str]) -> None:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        MOTCUA, "chat", cwd=ROOT, env=settings, stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdout
    async with asyncio.timeout(SECONDS_TO_START):
        await process.stdout.readuntil(b"> ")
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(SECONDS_TO_STOP):
        _, complained = await process.communicate(None)
    assert (process.returncode, complained) == (130, b"")


async def test_a_talk_in_the_terminal_may_come_through_a_pipe(settings: dict[str, str]) -> None:
    typed = "dang ky ket hon can giay to gi\nle phi\n\n/thoat\nkhông đọc đến đây\n"
    status, printed, complained = await command(settings, "chat", typed=typed)
    assert (status, complained) == (0, "")
    turns = printed.split("> ")
    assert "trợ lý tự động" in turns[0]
    assert PAPERS_CARD in turns[1]
    assert "Đăng ký kết hôn: lệ phí" in turns[2]
    assert "chưa đọc được câu hỏi" in turns[3]
    assert len(turns) == 5
