"""A file's name is safe wherever it goes and still says to people what it said."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.files import StoredFile, headers, model, names


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("Đơn đề nghị (bản cuối).jpeg", "Đơn đề nghị (bản cuối).jpg"),
        (unicodedata.normalize("NFD", "Ổ gà thôn Chợ.PNG"), "Ổ gà thôn Chợ.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Lan\\Ảnh 1.jpg", "Ảnh 1.jpg"),
        ("a\u202egpj.exe", "agpj.jpg"),
        ("\u2066đơn\u2069\u200b.jpg", "đơn.jpg"),
        ("hai\r\nSet-Cookie: x=1.jpg", "hai Set-Cookie x=1.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        ("half \ud83d.jpg", "half.jpg"),
        ("anh.php.jpg", "anh.php.jpg"),
        ("phiên bản 1.2", "phiên bản 1.2.jpg"),
        ("quay.3gp", "quay.jpg"),
        ('<script>"x"</script>.jpg', "script.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("...", "anh.jpg"),
        ("   ", "anh.jpg"),
        ("", "anh.jpg"),
        ("\u202e", "anh.jpg"),
        ("/", "anh.jpg"),
        ("dài " * 100, ("dài " * 15).strip() + ".jpg"),
    ],
)
def test_a_name_is_made_safe(given_name: str, safe: str) -> None:
    assert names.safe(given_name, model.JPEG) == safe


@pytest.mark.parametrize(
    ("kind", "name"),
    [(model.MP4, "video.mp4"), (model.OGG, "ghi-am.ogg"), (model.PDF, "tep.pdf")],
)
def test_a_file_without_a_name_is_named_by_what_it_is(kind: model.Kind, name: str) -> None:
    assert names.safe("", kind) == name


@given(st.text(max_size=300))
@example("CON")
def test_any_name_becomes_one_that_every_machine_takes(given_name: str) -> None:
    name = names.safe(given_name, model.PDF)
    assert name.endswith(".pdf")
    assert 5 <= len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*%;\r\n\t\0')
    assert all(unicodedata.category(sign)[0] != "C" for sign in name)
    assert name[0] not in ". "
    assert names.safe(name, model.PDF) == name


@pytest.mark.parametrize(
    ("media_type", "shown"),
    [
        ("image/jpeg", "inline"),
        ("image/png", "inline"),
        ("application/pdf", "attachment"),
        ("video/mp4", "attachment"),
        ("text/html", "attachment"),
        ("image/svg+xml", "attachment"),
    ],
)
def test_only_what_we_drew_ourselves_is_shown_in_the_browser(media_type: str, shown: str) -> None:
    said = headers(StoredFile("0" * 64, "Đơn 1;a.pdf", media_type, 5))
    assert said["content-disposition"] == f"{shown}; filename*=UTF-8''%C4%90%C6%A1n%201%3Ba.pdf"
    assert said["content-type"] == media_type
    assert said["x-content-type-options"] == "nosniff"
    assert said["content-security-policy"] == "default-src 'none'; sandbox"
    assert said["cache-control"].startswith("private")
    assert all(value.isascii() for value in said.values())
