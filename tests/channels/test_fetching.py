"""Files come from the platform's own servers, and nothing that a message says leads anywhere else."""

import logging
from collections.abc import AsyncIterator

import pytest

from bot.channels import fetching
from bot.channels.fetching import ZALO_HOSTS, Downloads, Remote
from bot.files import Files
from bot.guard import FILES_AT_ONCE
from bot.messages import Attachment, AttachmentKind
from tests import samples
from tests.channels.shared import FlyingTime
from tests.doubles_zalo_cdn import FakeCdn

PHOTO = "https://f20-zpc.zdn.vn/jpg/81.jpg"
NOT_FETCHED = "files.not_fetched"


@pytest.fixture
async def downloads(
    cdn: FakeCdn, time: FlyingTime, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Downloads]:
    folder = Files(tmp_path_factory.mktemp("tep"), photo_mb=1, video_mb=1, document_mb=1)
    opened = Downloads(folder, hosts=ZALO_HOSTS)
    yield opened
    await opened.close()


async def test_a_file_is_fetched_and_kept_under_its_name(downloads: Downloads) -> None:
    photo = await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")
    assert photo.file
    assert (photo.kind, photo.file.media_type, photo.file.name) == (AttachmentKind.PHOTO, "image/jpeg", "81.jpg")
    form = Remote("https://f6-zfcloud.zdn.vn/abc/x.pdf", AttachmentKind.FILE, "Tờ khai.pdf")
    paper = await downloads.fetch(form, sender="lan")
    assert paper.file
    assert paper.file.name == "Tờ khai.pdf"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "zdn.vn/81.jpg",
        "http://f20-zpc.zdn.vn/81.jpg",
        "ftp://f20-zpc.zdn.vn/81.jpg",
        "file:///etc/passwd",
        "https://127.0.0.1/81.jpg",
        "https://[::1]/81.jpg",
        "https://localhost/81.jpg",
        "https://169.254.169.254/latest/meta-data/81.jpg",
        "https://10.0.0.1/81.jpg",
        "https://zdn.vn.ke-gian.vn/81.jpg",
        "https://ke-gian.vn/zdn.vn/81.jpg",
        "https://xzdn.vn/81.jpg",
        "https://zdn.vn@ke-gian.vn/81.jpg",
        "https://an:mk@zdn.vn/81.jpg",
        "https://zdn.vn:8443/81.jpg",
        "https://ke-gian.vn#.zdn.vn",
        "https://ke-gian.vn\\.zdn.vn/81.jpg",
        "https://\u2024zdn.vn/81.jpg",
        "https://\ud83d.zdn.vn/",
    ],
)
async def test_an_address_elsewhere_is_not_asked(downloads: Downloads, cdn: FakeCdn, url: str) -> None:
    assert await downloads.fetch(Remote(url, AttachmentKind.PHOTO), sender="lan") == Attachment(
        AttachmentKind.PHOTO, refused=NOT_FETCHED
    )
    assert cdn.calls == []


@pytest.mark.parametrize(
    "to", ["http://f20-zpc.zdn.vn/a.jpg", "https://127.0.0.1/a.jpg", "https://ke-gian.vn/a.jpg", "//10.0.0.1/a.jpg"]
)
async def test_a_redirection_elsewhere_is_not_followed(downloads: Downloads, cdn: FakeCdn, to: str) -> None:
    cdn.redirects["jpg/81.jpg"] = to
    assert (await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")).refused == NOT_FETCHED
    assert len(cdn.calls) == 1


async def test_a_redirection_within_is_followed_but_not_for_ever(downloads: Downloads, cdn: FakeCdn) -> None:
    cdn.redirects["jpg/81.jpg"] = "https://photo-stal-24.zdn.vn/b.jpg"
    assert (await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")).file
    cdn.redirects["b.jpg"] = PHOTO
    assert (await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")).refused == NOT_FETCHED


async def test_trouble_is_waited_out_and_told_when_it_lasts(
    downloads: Downloads, cdn: FakeCdn, time: FlyingTime
) -> None:
    cdn.fail("get", 503, times=2)
    assert (await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")).file
    assert time.slept == [1, 2]
    cdn.fail("get", 503, times=9)
    assert (await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")).refused == NOT_FETCHED


async def test_what_is_gone_or_refused_by_its_content_is_told(downloads: Downloads, cdn: FakeCdn) -> None:
    gone = await downloads.fetch(Remote("https://zdn.vn/khong-co", AttachmentKind.PHOTO), sender="lan")
    assert gone.refused == NOT_FETCHED
    cdn.contents["jpg/81.jpg"] = b"MZ\x90\x00 khong phai anh"
    assert (await downloads.fetch(Remote(PHOTO, AttachmentKind.PHOTO), sender="lan")).refused == "files.not_taken"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (AttachmentKind.PHOTO, "files.photo_too_large"),
        (AttachmentKind.VIDEO, "files.video_too_large"),
        (AttachmentKind.VOICE, "files.video_too_large"),
        (AttachmentKind.FILE, "files.document_too_large"),
    ],
)
async def test_what_is_too_large_is_not_fetched_whole(
    monkeypatch: pytest.MonkeyPatch, downloads: Downloads, cdn: FakeCdn, kind: AttachmentKind, told: str
) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 1000)
    cdn.contents["jpg/81.jpg"] = samples.jpeg() + b"\x00" * 1000
    assert (await downloads.fetch(Remote(PHOTO, kind), sender="lan")).refused == told


async def test_an_unknown_host_is_named_for_the_operator_and_the_rest_of_the_address_is_not(
    downloads: Downloads, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    await downloads.fetch(Remote("https://cdn.moi.vn/bi-mat?token=1", AttachmentKind.PHOTO), sender="lan")
    assert "cdn.moi.vn" in caplog.text
    assert "bi-mat" not in caplog.text


async def test_nobody_fills_the_disk(downloads: Downloads) -> None:
    remote = Remote(PHOTO, AttachmentKind.PHOTO)
    kept = [await downloads.fetch(remote, sender="lan") for _ in range(FILES_AT_ONCE + 1)]
    assert [photo.refused for photo in kept] == [""] * FILES_AT_ONCE + ["files.too_often"]
    assert (await downloads.fetch(remote, sender="minh")).file
