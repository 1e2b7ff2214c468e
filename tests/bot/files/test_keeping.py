"""Kept is kept whole, once, and only as long as it is wanted; whatever the disk or a crash does."""

import asyncio
import errno
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.files import FileRefused, Files, keeping
from tests import samples

MOMENT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def in_folder(folder: Path) -> Files:
    return Files(folder, photo_mb=15, video_mb=20, document_mb=20)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return in_folder(tmp_path / "data" / "tep")


def on_disk(files: Files) -> list[str]:
    return sorted(path.name for path in files._folder.rglob("*") if path.is_file())


async def test_a_file_lies_under_the_digest_of_its_content_for_our_eyes_only(files: Files) -> None:
    kept = await files.keep(samples.pdf(), name="don.pdf")
    path = files.path(kept.digest)
    assert path.relative_to(files._folder).parts == (kept.digest[:2], kept.digest)
    assert await files.read(kept.digest) == samples.pdf()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_the_same_twice_is_one_file_under_two_names(files: Files) -> None:
    first, second = [await files.keep(samples.pdf(), name=name) for name in ("một", "hai")]
    assert first.digest == second.digest
    assert (first.name, second.name) == ("một.pdf", "hai.pdf")
    assert on_disk(files) == [first.digest]


async def test_many_at_once_are_all_kept(files: Files) -> None:
    contents = [samples.pdf(str(number % 7).encode()) for number in range(40)]
    kept = await asyncio.gather(*(files.keep(content, name="x") for content in contents))
    assert [await files.read(one.digest) for one in kept] == contents
    assert len(on_disk(files)) == 7


@pytest.mark.parametrize("digest", ["", "0" * 64, "../../etc/passwd", "0" * 63, "A" * 64, "0" * 65, f"{'0' * 63}\n"])
async def test_what_is_not_kept_is_not_found(files: Files, digest: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.path(digest)
    with pytest.raises(FileNotFoundError):
        await files.read(digest)
    with pytest.raises(FileNotFoundError):
        await files.thumbnail(digest)


async def test_a_thumbnail_is_made_once_and_goes_with_its_picture(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await files.keep(samples.saved(samples.picture((900, 600)), "JPEG"), name="x")
    small = await files.thumbnail(kept.digest)
    monkeypatch.delattr("bot.files.pictures.thumbnail")
    assert await files.thumbnail(kept.digest) == small
    assert len(small) < kept.size
    assert on_disk(files) == [kept.digest, f"{kept.digest}.nho"]
    await files.delete(kept.digest)
    await files.delete(kept.digest)
    assert on_disk(files) == []


async def test_only_pictures_have_thumbnails(files: Files) -> None:
    kept = await files.keep(samples.pdf(), name="x")
    with pytest.raises(FileNotFoundError):
        await files.thumbnail(kept.digest)


# ---- crashes

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.files import Files, keeping
from tests import samples

moment, folder = sys.argv[1:]
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
if moment == "written": keeping.os.fsync = die
if moment == "named": keeping._sync = die
asyncio.run(Files(Path(folder), photo_mb=1, video_mb=1, document_mb=1).keep(samples.pdf(), name="x"))
"""


def kill_while_keeping(files: Files, moment: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, moment, str(files._folder)], check=False)
    assert killed.returncode == -9


async def test_a_crash_before_the_file_is_safe_leaves_no_file_and_the_next_start_tidies_up(files: Files) -> None:
    kill_while_keeping(files, "written")
    (left,) = on_disk(files)
    assert left.startswith(keeping.UNFINISHED)
    await files.prepare()
    assert on_disk(files) == []


async def test_a_crash_after_the_file_is_named_leaves_it_whole(files: Files) -> None:
    kill_while_keeping(files, "named")
    (digest,) = on_disk(files)
    assert await files.read(digest) == samples.pdf()
    await files.prepare()
    assert on_disk(files) == [digest]


async def test_what_another_process_is_still_writing_is_left_alone(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, fsync = threading.Event(), threading.Event(), os.fsync

    def slow(descriptor: int) -> None:
        begun.set()
        go_on.wait(10)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    writing = asyncio.create_task(files.keep(samples.pdf(), name="x"))
    await asyncio.to_thread(begun.wait, 10)
    await in_folder(files._folder).prepare()
    go_on.set()
    kept = await writing
    assert on_disk(files) == [kept.digest]


async def test_content_is_safe_before_it_has_a_name_and_the_name_before_it_is_said(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        done.append("sync folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "sync file")  # noqa: PTH112
        fsync(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        done.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    await files.keep(samples.pdf(), name="x")
    assert done == ["sync file", "name", "sync folder", "sync folder"]


# ---- a disk that does not take it


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("where", ["os.fsync", "pathlib.Path.replace"])
async def test_a_disk_that_refuses_is_told_plainly_and_nothing_half_is_left(
    files: Files, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: int, where: str
) -> None:
    before = await files.keep(samples.pdf(), name="trước")

    def fails(*_: Any) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(where, fails)
    with pytest.raises(FileRefused) as refused:
        await files.keep(samples.mp3(), name="sau")
    assert refused.value.reason == "files.disk_full"
    (told,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert os.strerror(fault) in told.getMessage()
    assert "files.folder" in told.getMessage()
    assert on_disk(files) == [before.digest]


async def test_the_last_of_the_disk_is_left_to_the_database(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LEAST_FREE", 10**18)
    with pytest.raises(FileRefused, match=r"files\.disk_full"):
        await files.keep(samples.pdf(), name="x")


async def test_a_folder_that_cannot_be_is_told_at_the_start(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "tep").write_text("một tệp, không phải thư mục")
    files = in_folder(tmp_path / "tep")
    await files.prepare()
    assert "không lưu được tệp" in caplog.text
    with pytest.raises(FileRefused, match=r"files\.disk_full"):
        await files.keep(samples.pdf(), name="x")


async def test_a_thumbnail_that_cannot_be_kept_is_shown_all_the_same(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await files.keep(samples.jpeg(), name="x")

    def fails(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "đầy")

    monkeypatch.setattr(Path, "replace", fails)
    assert (await files.thumbnail(kept.digest)).startswith(b"\xff\xd8")
    assert on_disk(files) == [kept.digest]


# ---- forgetting


async def test_what_nothing_names_is_swept_away_after_a_while(files: Files) -> None:
    wanted, old, fresh = [await files.keep(samples.pdf(name), name="x") for name in (b"1", b"2", b"3")]
    for kept, days in ((wanted, 9), (old, 9), (fresh, 0)):
        then = (MOMENT - timedelta(days=days)).timestamp()
        os.utime(files.path(kept.digest), (then, then))
    (files._folder / "ghi-chu.txt").write_text("của người quản trị")
    assert await files.sweep({wanted.digest}, older_than=MOMENT - timedelta(days=1)) == 1
    assert on_disk(files) == sorted([wanted.digest, fresh.digest, "ghi-chu.txt"])


async def test_what_is_sent_again_is_fresh_again(files: Files) -> None:
    kept = await files.keep(samples.pdf(), name="x")
    os.utime(files.path(kept.digest), (0, 0))
    await files.keep(samples.pdf(), name="y")
    assert await files.sweep(set(), older_than=datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert await files.read(kept.digest)


async def test_sweeping_an_empty_house_sweeps_nothing(files: Files) -> None:
    assert await files.sweep(set(), older_than=MOMENT) == 0
