"""Power cuts while citizens file: afterwards the draft or the case is there, never neither, never twice."""

import asyncio
import random
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.test_program import running, settings

__all__ = ["settings"]

PEOPLE = 8
CUTS = 4
MATTER = "tôi muốn góp ý xã mở thêm bàn trả kết quả buổi chiều thứ Bảy"


class Writer:
    """Somebody who files one suggestion; every answer that came is remembered."""

    def __init__(self, number: int) -> None:
        self.cookie = f"motcua_chat=nguoi-dan-so-{number:08d}"
        self.has_begun = False
        self.send_button = ""
        self.told_code = ""

    async def files(self, client: httpx.AsyncClient) -> None:
        """Go from the first word to the code; the connection may break anywhere."""
        choices = await self.turn(client, text=MATTER)
        agree = choices["Đồng ý, viết tiếp"]
        self.has_begun = True
        choices = await self.turn(client, choice=agree)
        choices = await self.turn(client, choice=choices["Đúng"])
        choices = await self.turn(client, choice=choices["Không để tên"])
        self.send_button = choices["Gửi"]
        await self.turn(client, choice=self.send_button)

    async def turn(self, client: httpx.AsyncClient, **said: str) -> dict[str, str]:
        response = await client.post("/api/chat", json=said, headers={"cookie": self.cookie})
        response.raise_for_status()
        replies = response.json()["replies"]
        if "Mã của ông/bà" in replies[0]["text"]:
            self.told_code = replies[0]["text"].partition("Mã của ông/bà: ")[2].split()[0]
        return {choice["label"]: choice["id"] for reply in replies for choice in reply["choices"]}


def kept(database: Path, table: str) -> list[Any]:
    """Return whose drafts or cases are kept, with their keys or codes."""
    column = "key" if table == "drafts" else "code"
    with closing(sqlite3.connect(database)) as connection:
        query = f"SELECT address, {column} FROM {table} JOIN people ON people.id = {table}.person_id"
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("seed", range(CUTS))
async def test_a_power_cut_while_filing_loses_nothing_and_repeats_nothing(
    settings: dict[str, str], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    writers = [Writer(100 * seed + number) for number in range(PEOPLE)]
    async with running(settings) as program:
        address = await program.address()
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            filing = [asyncio.create_task(writer.files(client)) for writer in writers]
            await asyncio.sleep(chance.uniform(0.05, 0.9))
            await program.end(signal.SIGKILL)
            await asyncio.gather(*filing, return_exceptions=True)
    database = tmp_path / "motcua.db"
    drafts, cases = kept(database, "drafts"), kept(database, "cases")
    assert max(Counter(address for address, _ in (*drafts, *cases)).values(), default=0) <= 1
    assert len(drafts) + len(cases) >= sum(writer.has_begun for writer in writers)
    assert {writer.told_code for writer in writers if writer.told_code} <= {code for _, code in cases}
    sent = [writer for writer in writers if writer.send_button]
    async with (
        running(settings) as program,
        httpx.AsyncClient(base_url=await program.address(), timeout=30) as client,
    ):
        for writer in sent:
            await writer.turn(client, choice=writer.send_button)
    after = Counter(address for address, _ in kept(database, "cases"))
    assert len(after) >= len(sent)
    assert max(after.values(), default=0) <= 1
