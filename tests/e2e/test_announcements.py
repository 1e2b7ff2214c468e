"""An announcement from the author's file to the citizens' phones, with the program as the operator runs it."""

import asyncio
import json
import signal
from pathlib import Path

import httpx

from tests.doubles import TOKEN, FakeTelegram, Person
from tests.e2e.test_program import command, running, settings
from tests.hiring import ANNOUNCERS, hire

__all__ = ["settings"]

TEXT = "Mời bà con **họp thôn** lúc 19:30 thứ Sáu 27/11/2026.\n"
SEEN = "Họp thôn\nMời bà con họp thôn lúc 19:30 thứ Sáu 27/11/2026.\n\nUBND xã Trung Dũng gửi vì"
SECONDS = 60.0


async def status(environment: dict[str, str], number: str) -> dict[str, object]:
    code, printed, complained = await command(environment, "announcements", "status", number, "--json")
    assert (code, complained) == (0, "")
    found: dict[str, object] = json.loads(printed)
    return found


async def finished(environment: dict[str, str], number: str) -> dict[str, object]:
    async with asyncio.timeout(SECONDS):
        while (found := await status(environment, number))["state"] != "finished":  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    return found


async def announce(environment: dict[str, str], folder: Path) -> str:
    """Write and approve an announcement; urgent, for the tests also run at night."""
    (folder / "tin.md").write_text(TEXT, encoding="utf-8")
    await asyncio.to_thread(hire, environment["MOTCUA_DATABASE__URL"], ANNOUNCERS)
    words = ("--title", "Họp thôn", "--text-file", str(folder / "tin.md"), "--topic", "khan-cap")
    code, number, complained = await command(
        environment, "announcements", "create", *words, "--urgent", "thử", "--now", "--as", "an"
    )
    assert (code, complained) == (0, "")
    code, printed, _ = await command(environment, "announcements", "approve", number.strip(), "--as", "binh")
    assert (code, "Đã duyệt" in printed) == (0, True)
    return number.strip()


async def subscribe(person: Person) -> None:
    person.say("/thongbao")
    await person.telegram.until(lambda: person.seen and "Nhận thông báo" in person.seen[-1].text, SECONDS)
    person.press("tbl:khan-cap")
    await person.telegram.until(lambda: person.seen[-1].edits == 1, SECONDS)


def heard(person: Person) -> bool:
    return any(message.text.startswith("KHẨN CẤP: " + SEEN) for message in person.seen)


async def test_two_citizens_on_two_channels_and_one_who_stopped(settings: dict[str, str], tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        environment = {**settings, "MOTCUA_TELEGRAM__TOKEN": TOKEN, "MOTCUA_TELEGRAM__API_URL": telegram.url}
        lan, minh = telegram.person("bà Lan"), telegram.person("ông Minh")
        async with running(environment) as program, httpx.AsyncClient(base_url=await program.address()) as hoa:
            await asyncio.gather(subscribe(lan), subscribe(minh))
            minh.say("DỪNG")
            await telegram.until(lambda: "Đã dừng" in minh.seen[-1].text, SECONDS)
            chosen = await hoa.post("/api/chat", json={"choice": "tbl:khan-cap"})
            assert "Bấm lại là thôi" in chosen.json()["replies"][-1]["text"]

            number = await announce(environment, tmp_path)
            await telegram.until(lambda: heard(lan), SECONDS)
            found = await finished(environment, number)
            assert (found["recipients"], found["counts"]) == (2, _counts(delivered=2))
            assert "KHẨN CẤP: Họp thôn" in (await hoa.get("/")).text
            assert not heard(minh)
            code, printed, _ = await command(environment, "announcements", "proof", number)
            assert (code, printed.count("đã nhận")) == (0, 2)
            assert await program.end(signal.SIGTERM) == 0
        assert "Traceback" not in program.log


async def test_the_worker_may_be_a_program_of_its_own(settings: dict[str, str], tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        environment = {**settings, "MOTCUA_TELEGRAM__TOKEN": TOKEN, "MOTCUA_TELEGRAM__API_URL": telegram.url}
        lan = telegram.person("bà Lan")
        (tmp_path / "nguoi.csv").write_text(
            f"channel,address,name,thon,topics,consented_at\ntelegram,{lan.id},,,khan-cap,2026-01-01\n"
        )
        code, _, complained = await command(environment, "subscribers", "import", str(tmp_path / "nguoi.csv"))
        assert (code, complained) == (0, "")
        number = await announce(environment, tmp_path)
        async with running(environment, only="worker") as program:
            await telegram.until(lambda: heard(lan), SECONDS)
            await finished(environment, number)
            assert await program.end(signal.SIGINT) == 0
        assert [call.method for call in telegram.calls] == ["sendMessage"], "it only sends"


def _counts(**some: int) -> dict[str, int]:
    return dict.fromkeys(("pending", "delivered", "gone", "refused", "failed", "uncertain", "skipped"), 0) | some
