"""`motcua announcements` and `motcua subscribers`: the names and shapes that scripts rely on (interface.md)."""

import json
import re
from pathlib import Path

import pytest

from bot.officials.rights import Role
from tests import samples
from tests.bot.conftest import Motcua
from tests.hiring import ANNOUNCERS, hire

COUNTS = {"pending", "delivered", "gone", "refused", "failed", "uncertain", "skipped"}
HEAD = "channel,address,name,thon,topics,consented_at\n"


@pytest.fixture(autouse=True)
def _a_commune(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTCUA_UNIT__THON", "An Xá, Đại Nại")
    hire(f"sqlite:///{tmp_path}/cli.db", {**ANNOUNCERS, "tu": Role.HANDLER})
    (tmp_path / "tin.md").write_text("Mời **bà con** họp tối nay.\n", encoding="utf-8")
    (tmp_path / "sai-ngay.md").write_text("Họp thứ Năm 20/11/2026.\n", encoding="utf-8")
    (tmp_path / "nguoi.csv").write_text(
        f"{HEAD}telegram,100200,Bà Lan,An Xá,khan-cap;su-kien,2026-01-02T08:00\nweb,abc,,,khan-cap,2026-01-02\n",
        encoding="utf-8",
    )


def create(motcua: Motcua, folder: Path, *more: str) -> tuple[int, str, str]:
    text = () if "--text-file" in more else ("--text-file", str(folder / "tin.md"))
    return motcua("announcements", "create", "--title", "Họp thôn", *text, "--as", "an", *more)


def status(motcua: Motcua, number: str) -> dict[str, object]:
    code, out, err = motcua("announcements", "status", number, "--json")
    assert (code, err) == (0, "")
    said: dict[str, object] = json.loads(out)
    counts = said["counts"]
    assert isinstance(counts, dict)
    assert (set(said), set(counts)) == ({"id", "state", "recipients", "counts"}, COUNTS)
    assert sum(counts.values()) == said["recipients"]
    return said


def test_create_prints_the_id_alone_and_a_second_person_approves(motcua: Motcua, tmp_path: Path) -> None:
    code, number, err = create(motcua, tmp_path, "--topic", "khan-cap", "--now")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"\d+\n", number)
    assert status(motcua, number.strip())["state"] == "draft"
    code, _, err = motcua("announcements", "approve", number.strip(), "--as", "an")
    assert (code, "người soạn không tự duyệt" in err) == (2, True)
    motcua("subscribers", "import", str(tmp_path / "nguoi.csv"))
    code, out, _ = motcua("announcements", "approve", number.strip(), "--as", "binh")
    assert (code, "hiện có 2 người nhận" in out) == (0, True)
    assert status(motcua, number.strip())["state"] == "scheduled"


def test_from_the_first_word_to_the_end(motcua: Motcua, tmp_path: Path) -> None:
    number = create(motcua, tmp_path)[1].strip()
    moves = [
        (("approve", number, "--as", "binh"), "approved"),
        (("schedule", number, "--at", "2099-01-05T07:30"), "scheduled"),
        (("pause", number), "paused"),
        (("resume", number), "scheduled"),
        (("edit", number, "--title", "Họp xóm", "--as", "an"), "draft"),
        (("cancel", number, "--as", "binh"), "cancelled"),
    ]
    for arguments, state in moves:
        code, _, err = motcua("announcements", *arguments)
        assert (code, err) == (0, "")
        assert status(motcua, number)["state"] == state
    _, listed, _ = motcua("announcements", "list")
    assert "đã hủy" in listed
    assert "Họp xóm" in listed
    _, told, _ = motcua("announcements", "status", number)
    assert [line.split("  ")[1] for line in told.splitlines()[3:]] == [
        "an: bản nháp", "an: bản nháp", "binh: đã duyệt, chưa hẹn giờ", "dòng lệnh: đã hẹn giờ", "dòng lệnh: tạm dừng",
        "dòng lệnh: đã hẹn giờ", "an: bản nháp", "an: bản nháp", "binh: đã hủy",
    ]  # fmt: skip


def enclosed(motcua: Motcua, number: str) -> str:
    """Return the line that names what goes with an announcement."""
    told = motcua("announcements", "status", number)[1]
    return next((line for line in told.splitlines() if line.startswith("kèm theo")), "")


def test_pictures_and_files_are_put_kept_replaced_and_copied(motcua: Motcua, tmp_path: Path) -> None:
    for name, content in (("lich.jpg", samples.phone_photo()), ("don.pdf", samples.pdf())):
        (tmp_path / name).write_bytes(content)
    photo, form = ("--photo", str(tmp_path / "lich.jpg")), ("--file", str(tmp_path / "don.pdf"))
    code, number, err = create(motcua, tmp_path, *photo, "--alt", "Lịch tiêm", *photo, *form)
    assert (code, number, err) == (0, "1\n", "")
    assert enclosed(motcua, "1") == "kèm theo: lich.jpg, lich.jpg, don.pdf"
    edits = [(("--title", "Mới"), "lich.jpg, lich.jpg, don.pdf"), (form, "don.pdf"), (("--no-files",), "")]
    for more, kept in edits:
        assert motcua("announcements", "edit", "1", *more, "--as", "an")[0] == 0
        assert enclosed(motcua, "1").removeprefix("kèm theo: ") == kept


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--photo", "khong-co.jpg"), "không đọc được"),
        (("--photo", "{}/tin.md"), "chỉ nhận ảnh"),
        (("--photo", "{}/don.pdf"), "không phải ảnh"),
        (("--file", "{}/ma.svg"), "chỉ nhận ảnh"),
        (("--alt", "tả"), "mỗi ảnh một mô tả"),
        (("--file", "{}/don.pdf") * 6, "nhiều nhất 5"),
    ],
)
def test_wrong_files_are_told_and_nothing_is_written(
    motcua: Motcua, tmp_path: Path, more: tuple[str, ...], told: str
) -> None:
    (tmp_path / "don.pdf").write_bytes(samples.pdf())
    (tmp_path / "ma.svg").write_text("<svg onload='alert(1)'/>", encoding="utf-8")
    code, out, err = create(motcua, tmp_path, *(one.format(tmp_path) for one in more))
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err
    assert motcua("announcements", "list")[1] == ""


def test_one_person_is_enough_where_settings_say_so(
    motcua: Motcua, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_ANNOUNCEMENTS__TWO_PERSON", "false")
    number = create(
        motcua, tmp_path, "--at", "2099-01-05T07:30", "--urgent", "lũ", "--thon", "An Xá", "--channel", "web"
    )
    assert status(motcua, number[1].strip())["state"] == "scheduled"
    assert "một người vừa soạn vừa duyệt" in motcua("announcements", "status", "1")[1]


def test_who_may_not_approve_only_proposes_even_where_one_person_is_enough(
    motcua: Motcua, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTCUA_ANNOUNCEMENTS__TWO_PERSON", "false")
    hire(f"sqlite:///{tmp_path}/cli.db", {"bien": Role.EDITOR})
    text = str(tmp_path / "tin.md")
    code, number, _ = motcua("announcements", "create", "--title", "Họp", "--text-file", text, "--now", "--as", "bien")
    assert code == 0
    assert status(motcua, number.strip())["state"] == "draft"


def test_a_wrong_weekday_is_pointed_out_but_kept(motcua: Motcua, tmp_path: Path) -> None:
    code, number, err = create(motcua, tmp_path, "--text-file", str(tmp_path / "sai-ngay.md"))
    assert (code, number) == (0, "1\n")
    assert "20/11/2026 là thứ Sáu" in err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--topic", "gia-vang"), "không có loại tin “gia-vang”"),
        (("--thon", "An Xa"), "không có thôn “An Xa”"),
        (("--channel", "fax"), "không có kênh “fax”"),
        (("--at", "mai"), "không hiểu lúc gửi"),
        (("--at", "2020-01-01T07:00"), "đã qua"),
        (("--at", "2099-01-01T07:00", "--now"), "chỉ chọn một"),
        (("--every", "x y * t u"), "không hiểu được"),
        (("--corrects", "99"), "không có thông báo 99"),
        (("--text-file", "/khong/co.md"), "không đọc được"),
        (("--stale-hours", "0"), "stale-hours"),
    ],
)
def test_wrong_use_of_create(motcua: Motcua, tmp_path: Path, more: tuple[str, ...], told: str) -> None:
    code, out, err = create(motcua, tmp_path, *more)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err
    assert motcua("announcements", "list")[1] == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("status", "9", "--json"), "không có thông báo 9"),
        (("approve", "9", "--as", "binh"), "không có thông báo 9"),
        (("approve", "1"), "--as"),
        (("approve", "1", "--as", "  "), "không có cán bộ này"),
        (("approve", "1", "--as", "dòng lệnh"), "không có cán bộ này"),
        (("approve", "1", "--as", "tu"), "không có quyền"),
        (("pause", "1", "--as", "tu"), "không có quyền"),
        (("resume", "1"), "cần “tạm dừng”"),
        (("pause", "1"), "cần “đang gửi” hoặc “đã hẹn giờ”"),
        (("schedule", "1", "--now"), "cần “đã duyệt, chưa hẹn giờ”"),
        (("schedule", "1"), "cần --now, --at hoặc --every"),
        (("proof", "9"), "không có thông báo 9"),
        (("proof", "1", "--to", "phieu.pdf"), "cần tệp .xlsx hoặc .csv"),
        (("proof", "1", "--to", "/proc/khong-co/phieu.xlsx"), "không ghi được"),
    ],
)
def test_wrong_use_of_the_rest(motcua: Motcua, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    create(motcua, tmp_path)
    code, out, err = motcua("announcements", *arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert told in err


def test_subscribers_in_out_and_counted(motcua: Motcua, tmp_path: Path) -> None:
    code, out, _ = motcua("subscribers", "import", str(tmp_path / "nguoi.csv"))
    assert (code, out) == (0, "2 người trong tệp: thêm 2, cập nhật 0.\n")
    assert "cập nhật 2" in motcua("subscribers", "import", str(tmp_path / "nguoi.csv"))[1]
    code, out, _ = motcua("subscribers", "export")
    assert out.startswith(HEAD + "telegram,100200,Bà Lan,An Xá,khan-cap;su-kien,2026-01-02T08:00:00+07:00\n")
    assert motcua("subscribers", "export", "--to", str(tmp_path / "ra.csv"))[0] == 0
    assert "cập nhật 2" in motcua("subscribers", "import", str(tmp_path / "ra.csv"))[1]
    _, listed, _ = motcua("subscribers", "list")
    assert "2 người đăng ký" in listed
    assert "1  thôn An Xá" in listed
    assert "100200" not in listed


def test_a_file_with_faults_names_each_line_and_takes_nothing_in(motcua: Motcua, tmp_path: Path) -> None:
    wrong = f"{HEAD}telegram,1,,,khan-cap,2026-01-02\nfax,2,,,khan-cap,2026-01-02\ntelegram,3,,,vang,hôm qua\n"
    (tmp_path / "sai.csv").write_text(wrong, encoding="utf-8")
    code, out, err = motcua("subscribers", "import", str(tmp_path / "sai.csv"))
    assert (code, out) == (2, "")
    assert [line.split(":")[1].strip() for line in err.splitlines()[:3]] == ["dòng 3", "dòng 4", "dòng 4"]
    assert "0 người đăng ký" in motcua("subscribers", "list")[1]
    assert "không đọc được" in motcua("subscribers", "import", str(tmp_path / "khong-co.csv"))[2]
