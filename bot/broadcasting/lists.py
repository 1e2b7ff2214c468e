"""Lists of subscribers as CSV files: in with every fault named by its line, out in the same form."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TextIO

from bot.broadcasting.drafting import CHANNELS, Rules
from bot.broadcasting.proof import as_meant, harmless
from bot.clock import ZONE
from bot.storage import subscribers
from bot.storage.database import Database
from bot.storage.subscribers import Listed

HEAD = ("channel", "address", "name", "thon", "topics", "consented_at")
SOURCE = "import"
BATCH = 200  # rows a transaction: citizens who write meanwhile wait no longer than that takes
LONGEST_ADDRESS, LONGEST_NAME = 64, 100
_BETWEEN_TOPICS = re.compile(r"[;|\s]+")


def read(lines: Iterable[str], rules: Rules, *, now: datetime) -> tuple[list[Listed], list[str]]:
    """Return the rows of a file and its faults; several topics stand in one cell, with ; or | between them."""
    reader = csv.DictReader(lines)
    missing = [name for name in HEAD if name not in (reader.fieldnames or ())]
    if missing:
        return [], [f"dòng 1: thiếu cột {', '.join(missing)}; cần {','.join(HEAD)}"]
    rows: dict[tuple[str, str], Listed] = {}
    faults: list[str] = []
    try:
        for raw in reader:
            row, wrong = _read_row(raw, rules, now)
            if (row.channel, row.address) in rows:
                wrong.append(f"{row.channel} {row.address} đã có ở dòng trên")
            faults += [f"dòng {reader.line_num}: {fault}" for fault in wrong]
            rows[row.channel, row.address] = row
    except csv.Error as error:
        faults.append(f"dòng {reader.line_num}: không phải CSV ({error})")
    return list(rows.values()), faults


def _read_row(raw: dict[str, str], rules: Rules, now: datetime) -> tuple[Listed, list[str]]:
    cells = {name: as_meant((raw.get(name) or "").strip()) for name in HEAD}
    topics = tuple(dict.fromkeys(topic for topic in _BETWEEN_TOPICS.split(cells["topics"]) if topic))
    agreed = _moment(cells["consented_at"])
    name, address = cells["name"], cells["address"]
    sound = (
        (cells["channel"] in CHANNELS, f"không có kênh “{cells['channel']}”; có: {', '.join(CHANNELS)}"),
        (0 < len(address) <= LONGEST_ADDRESS, f"địa chỉ cần từ 1 đến {LONGEST_ADDRESS} chữ"),
        (len(name) <= LONGEST_NAME, f"tên dài quá {LONGEST_NAME} chữ"),
        (
            not cells["thon"] or cells["thon"] in rules.villages,
            f"không có thôn “{cells['thon']}” trong cấu hình",
        ),
        (bool(topics), "chưa có loại tin nào"),
        (
            all(topic in rules.topics for topic in topics),
            f"loại tin “{cells['topics']}”; có: {', '.join(rules.topics)}",
        ),
        (agreed is not None, f"consented_at “{cells['consented_at']}” không phải ngày giờ; ví dụ 2026-11-20T08:00"),
        (agreed is None or agreed <= now, "consented_at ở tương lai: chưa có sự đồng ý"),
    )
    row = Listed(cells["channel"], address, name, cells["thon"], topics, agreed or now)
    return row, [fault for is_good, fault in sound if not is_good]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


async def stopped(database: Database, rows: Sequence[Listed]) -> list[str]:
    """Return a fault for each person who stopped after the agreement that the file tells of."""
    found: list[Listed] = []
    for start in range(0, len(rows), BATCH):
        async with database.transaction() as transaction:
            found += await subscribers.stopped_since(transaction, rows[start : start + BATCH])
    return [f"{row.channel} {row.address}: đã dừng nhận sau ngày đồng ý ghi trong tệp" for row in found]


async def take_in(database: Database, rows: Sequence[Listed], *, now: datetime) -> int:
    """Add or update subscribers; return how many were new. Done again after a fault, it harms nothing."""
    new = 0
    for start in range(0, len(rows), BATCH):
        async with database.transaction() as transaction:
            new += await subscribers.take_in(transaction, rows[start : start + BATCH], source=SOURCE, now=now)
    return new


async def write(database: Database, file: TextIO) -> None:
    """Write all subscribers who have not stopped, in the form that `read` takes."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEAD)
    after = 0
    while True:
        async with database.transaction() as transaction:
            page = await subscribers.listed(transaction, after=after, limit=BATCH)
        if not page:
            return
        writer.writerows(_cells(row) for _, row in page)
        after = page[-1][0]


def _cells(row: Listed) -> list[str]:
    topics = ";".join(row.topics)
    cells = (row.channel, row.address, row.name, row.village, topics, row.consented_at.isoformat())
    return [harmless(cell) for cell in cells]
