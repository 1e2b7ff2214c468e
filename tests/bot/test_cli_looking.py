"""`motcua announcements preview`, `try` and `sample`: an announcement is seen before anybody gets it."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.broadcasting import samples
from bot.storage import notices, official_chats, officials, people
from bot.storage.database import Database
from tests.bot.conftest import Motcua
from tests.hiring import ANNOUNCERS, hire


@pytest.fixture(autouse=True)
def _a_commune(tmp_path: Path) -> None:
    hire(f"sqlite:///{tmp_path}/cli.db", ANNOUNCERS)
    lines = ("Họp **thứ Năm** 20/11/2026.", "", "Mang theo điện thoại. " * 100, "")
    (tmp_path / "tin.md").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "nguoi.csv").write_text(
        "channel,address,name,thon,topics,consented_at\ntelegram,100200,,,khan-cap,2026-01-02\n", encoding="utf-8"
    )


def written(motcua: Motcua, folder: Path) -> str:
    text = str(folder / "tin.md")
    code, number, _ = motcua("announcements", "create", "--title", "Họp thôn", "--text-file", text, "--as", "an")
    assert code == 0
    return number.strip()


def test_preview_tells_whom_how_and_what_to_look_at_again(motcua: Motcua, tmp_path: Path) -> None:
    motcua("subscribers", "import", str(tmp_path / "nguoi.csv"))
    code, out, err = motcua("announcements", "preview", written(motcua, tmp_path))
    assert (code, err) == (0, "")
    head, _, message = out.partition("\n\n")
    assert head.splitlines()[:2] == [
        "1 người nhận: Telegram 1",
        "Đi thành: Trang hỏi đáp 1 tin, Telegram 1 tin, Zalo OA 3 tin, Zalo Bot 3 tin",
    ]
    assert "Xem lại: " in head
    assert "thứ Sáu" in head, "20/11/2026 is a Friday"
    assert message.startswith("Họp thôn\nHọp thứ Năm 20/11/2026.")
    assert "nhắn DỪNG" in message


def test_a_test_copy_reaches_the_officials_own_chats_and_nobody_else(motcua: Motcua, tmp_path: Path) -> None:
    motcua("subscribers", "import", str(tmp_path / "nguoi.csv"))
    number = written(motcua, tmp_path)
    code, _, err = motcua("announcements", "try", number, "--as", "an")
    assert code == 2
    assert "chưa nối khung chat nào" in err
    asyncio.run(_link(f"sqlite:///{tmp_path}/cli.db"))
    assert motcua("announcements", "try", number, "--as", "an")[0] == 0
    (copy,) = asyncio.run(_waiting(f"sqlite:///{tmp_path}/cli.db"))
    assert (copy.channel, copy.address) == ("zalo_oa", "an-zalo")
    assert json.loads(copy.body)["text"].startswith("**BẢN THỬ** do An")
    assert json.loads(motcua("announcements", "status", number, "--json")[1])["recipients"] == 0


async def _link(url: str) -> None:
    database = Database.open(url)
    async with database.transaction() as transaction:
        account = await officials.find(transaction, "an")
        assert account
        person = await people.recognise(transaction, "zalo_oa", "an-zalo", now=clock.now())
        await official_chats.link(transaction, account.id, person, now=clock.now())
    await database.close()


async def _waiting(url: str) -> list[notices.Waiting]:
    database, now = Database.open(url), clock.now()
    async with database.transaction() as transaction:
        found = await notices.take(transaction, now=now, until=now + timedelta(minutes=1))
    await database.close()
    return list(found)


def test_a_sample_is_printed_to_begin_from(motcua: Motcua) -> None:
    _, listed, _ = motcua("announcements", "sample")
    assert [line.split()[0] for line in listed.splitlines()] == list(samples.everything())
    for name, sample in samples.everything().items():
        assert motcua("announcements", "sample", name) == (0, f"{sample.body}\n", "")
    code, _, err = motcua("announcements", "sample", "khong-co")
    assert code == 2
    assert "không có mẫu “khong-co”" in err


@pytest.mark.parametrize("arguments", [("preview", "99"), ("try", "99", "--as", "an")])
def test_what_is_not_there_is_told(motcua: Motcua, arguments: tuple[str, ...]) -> None:
    code, _, err = motcua("announcements", *arguments)
    assert code == 2
    assert "không có thông báo 99" in err
