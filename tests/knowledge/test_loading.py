"""The checker tells every fault of every file at once, and an expired entry is not served."""

from datetime import date
from pathlib import Path

import pytest

from knowledge import loading
from knowledge.loading import KnowledgeError
from tests.knowledge.shared import entry, write


def faults_of(home: Path) -> str:
    with pytest.raises(KnowledgeError) as error:
        loading.load(home)
    return str(error.value)


def test_a_sound_folder_loads(tmp_path: Path) -> None:
    library = loading.load(write(tmp_path, {"khai-sinh": entry("khai-sinh", "Khai sinh")}))
    assert library.entries["khai-sinh"].title == "Khai sinh"
    assert library.in_field("ho-tich")[0].id == "khai-sinh"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('[[sources]]\ntitle = "Cổng Dịch vụ công quốc gia"\nas_of = 2026-06-10', "", "thiếu nguồn"),
        ('confidence = "high"', 'confidence = "high"\nmau_sac = "đỏ"', "không có khóa “mau_sac”"),
        ('fee = ["8.000 đồng một bản."]', "fee = []", "“fee” không có nội dung"),
        ('fee = ["8.000 đồng một bản."]', 'gia = ["8.000 đồng"]', "không có khóa “gia”"),
        ('confidence = "high"', 'confidence = "chắc"', "“confidence” không nhận 'chắc'"),
        ("reviewed_on = 2026-11-22", 'reviewed_on = "hôm nay"', "“reviewed_on” phải là ngày"),
        ('title = "Khai sinh"', "", "thiếu khóa bắt buộc “title”"),
        ('id = "khai-sinh"', 'id = "khac"', "tên tệp là 'khai-sinh'"),
        ('field = "ho-tich"', 'field = "dat-dai"', "nằm trong thư mục 'ho-tich'"),
        ('"8.000 đồng một bản."', '"Hỏi {ten_can_bo}."', "không có chỗ điền {ten_can_bo}"),
        ('confidence = "high"', 'confidence = "high"\nrelated = ["khong-co"]', "trỏ tới 'khong-co' không có"),
        ('confidence = "high"', "confidence = [", "không đọc được"),
        (
            "[facets]",
            '[[to_verify]]\nfacet = "time"\nwhat = "x"\n[facets]',
            "cần xác minh “time” nhưng mục ấy không có",
        ),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = entry("khai-sinh", "Khai sinh")
    assert old in text
    assert told in faults_of(write(tmp_path, {"khai-sinh": text.replace(old, new, 1)}))


def test_faults_of_all_files_are_told_together(tmp_path: Path) -> None:
    bad_one = entry("mot", "Một").replace('confidence = "high"', 'confidence = "?"')
    bad_two = entry("hai", "Hai", questions=["hỏi một câu"])
    told = faults_of(write(tmp_path, {"mot": bad_one, "hai": bad_two}))
    assert "mot.toml" in told
    assert "cần ít nhất 12" in told


def test_one_phrasing_may_not_stand_in_two_entries(tmp_path: Path) -> None:
    shared = [f"câu hỏi chung số {i}" for i in range(12)]
    told = faults_of(
        write(tmp_path, {"mot": entry("mot", "Một", questions=shared), "hai": entry("hai", "Hai", questions=shared)})
    )
    assert "đã có ở" in told


def test_an_expired_entry_is_not_served_and_is_reported(tmp_path: Path) -> None:
    old = entry("cu", "Thủ tục cũ", more="valid_until = 2026-06-30")
    home = write(tmp_path, {"cu": old, "moi": entry("moi", "Thủ tục mới")})
    assert set(loading.load(home, today=date(2026, 7, 1)).entries) == {"moi"}
    assert set(loading.load(home, today=date(2026, 6, 30)).entries) == {"cu", "moi"}
    assert [e.id for e in loading.expired(loading.load(home), date(2026, 7, 1))] == ["cu"]


def test_vague_questions_need_known_choices(tmp_path: Path) -> None:
    vague = '[[vague]]\nquestions = ["làm giấy"]\nchoices = ["khai-sinh", "la-lung"]\n'
    told = faults_of(write(tmp_path, {"khai-sinh": entry("khai-sinh", "Khai sinh"), "vague.toml": vague}))
    assert "không có mục 'la-lung'" in told
