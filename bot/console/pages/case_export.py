"""The cases of a filter as a workbook, for those who may take them out of the house."""

import asyncio
import tempfile
from pathlib import Path

from starlette.responses import Response

from bot.cases import register
from bot.cases.queue import scope
from bot.console import case_words, workbooks
from bot.console.pages.queue import QUEUE, query_of, wanted
from bot.console.visit import Page, Visit
from bot.officials.rights import Right
from bot.storage import case_lists


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
    return workbooks.download(path, folder, name)


def register_words(visit: Visit) -> register.Words:
    say = visit.office.texts.section
    return register.Words(say("case_types"), case_words.states(), say("case_results"), case_words.CHANNELS)


PAGES = (Page(f"{QUEUE}/so.xlsx", export, Right.EXPORT_CASES),)
