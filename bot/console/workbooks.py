"""Workbooks handed to the browser: made in a folder of their own that is gone once they are sent."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import StreamingResponse

from bot.files.model import XLSX


def download(path: Path, folder: TemporaryDirectory[str], name: str) -> StreamingResponse:
    """Return a workbook to be saved under a name of ASCII letters."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_sent(path, folder), 200, headers, XLSX.media_type)


async def _sent(path: Path, folder: TemporaryDirectory[str]) -> AsyncIterator[bytes]:
    with folder, path.open("rb") as book:
        while chunk := await asyncio.to_thread(book.read, 64 * 1024):
            yield chunk
