"""The cases of a filter as a workbook, for those who may take them out of the house."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.responses import Response, StreamingResponse

from bot.cases import register
from bot.cases.queue import scope
from bot.console import case_words
from bot.console.pages.queue import QUEUE, query_of, wanted
from bot.console.visit import Page, Visit
from bot.officials.rights import Right
from bot.storage import case_lists

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def export(visit: Visit) -> Response:
    """The cases of the filter as a workbook."""
    seen, wish = scope(visit.official, visit.office.desk, now=visit.now()), wanted(visit.request)
    async with visit.database.transaction() as transaction:
        hidden = None
        if seen.confidential:
            hidden = await case_lists.count_confidential(transaction, since=wish.since, until=wish.until)
        await visit.record(transaction, case_words.Action.EXPORTED, loc=query_of(visit.request))
    found = await register.collect(visit.database, wish, register.open_only(seen))
    folder = tempfile.TemporaryDirectory(prefix="motcua-so-")
    path = Path(folder.name) / "so.xlsx"
    words = register_words(visit)
    await asyncio.to_thread(register.write, path, found, words, confidential=hidden)
    name = f"so-theo-doi-phan-anh-{visit.now():%Y-%m-%d}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_sent(path, folder), 200, headers, XLSX)


async def _sent(path: Path, folder: "tempfile.TemporaryDirectory[str]") -> AsyncIterator[bytes]:
    with folder, path.open("rb") as book:
        while chunk := await asyncio.to_thread(book.read, 64 * 1024):
            yield chunk


def register_words(visit: Visit) -> register.Words:
    say = visit.office.texts.section
    return register.Words(say("case_types"), case_words.states(), say("case_results"), case_words.CHANNELS)


PAGES = (Page(f"{QUEUE}/so.xlsx", export, Right.EXPORT_CASES),)
