"""The script of the loudspeakers, and the lines of a poster: what is said, twice, and how long it takes."""

import io
from dataclasses import replace
from itertools import pairwise
from typing import Any

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.broadcasting import highlights, radio
from bot.settings import Unit
from bot.storage.announcements import Draft
from bot.texts import Texts
from tests.broadcasting.test_rendering import PIECES

UNIT = Unit(phone="0221 3872 113", centre="Trung tâm Phục vụ hành chính công xã")
BODY = """UBND xã tổ chức **cấp, đổi thẻ CCCD** cho người từ 14 tuổi trở lên.

- Thời gian: 7h30–11h30, thứ Bảy 28/11/2026.
- Địa điểm: Nhà văn hóa thôn 2.

Bà con mang theo:
1. CCCD cũ (nếu có).
2. Sổ BHYT.

Lệ phí: 30.000 đồng/thẻ. Hạn cuối 30/11. Xem https://dichvucong.gov.vn."""


def script(body: str, *, unit: Unit = UNIT, **more: Any) -> radio.Script:
    draft = replace(Draft(title="Cấp thẻ CCCD lưu động", body=body, author="an"), **more)
    return radio.script(draft, Texts.load(unit), unit)


def test_the_script_greets_says_when_and_where_twice_and_whom_to_ask() -> None:
    said = script(BODY).paragraphs
    when = (
        "Thời gian: bảy giờ ba mươi đến mười một giờ ba mươi, "
        "thứ Bảy ngày hai mươi tám tháng mười một năm hai nghìn không trăm hai mươi sáu."
    )
    assert said[0] == ("Thưa bà con! Ủy ban nhân dân xã Trung Dũng xin thông báo: Cấp thẻ căn cước công dân lưu động.")
    assert said.count(when) == 2
    assert said.count("Địa điểm: Nhà văn hóa thôn hai.") == 2
    assert said.count("Sổ bảo hiểm y tế.") == 1
    assert "không hai hai một, ba tám bảy hai, một một ba" in said[-2]
    assert said[-1].startswith("Xin cảm ơn")
    assert "khẩn" in script(BODY, urgent="lũ").paragraphs[0]


def test_no_telephone_is_made_up() -> None:
    closing = script(BODY, unit=Unit()).paragraphs[-2]
    assert closing == "Bà con cần hỏi thêm, xin đến Trung tâm Phục vụ hành chính công xã."


def test_its_length_is_told() -> None:
    fitting, short, long = script(BODY), script("Mai họp."), script(f"{BODY}\n\n" * 4)
    assert radio.SHORTEST <= fitting.seconds <= radio.LONGEST
    assert fitting.remark == ""
    assert "Ngắn hơn 60 giây" in short.remark
    assert "Dài hơn 90 giây" in long.remark


def test_the_document_holds_the_script_plainly() -> None:
    found = script(BODY)
    paper = docx.Document(io.BytesIO(radio.document(found, "Cấp thẻ\x00", UNIT)))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert lines[0] == "UBND XÃ TRUNG DŨNG"
    assert f"Đọc khoảng {found.seconds} giây" in lines[2]
    assert tuple(lines[3:]) == found.paragraphs
    assert paper.styles["Normal"].font.name == "Times New Roman"
    width, height = paper.sections[0].page_width, paper.sections[0].page_height
    assert width is not None
    assert height is not None
    assert (round(width.mm), round(height.mm)) == (210, 297)
    assert paper.core_properties.title == "Cấp thẻ"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), PIECES)
def test_any_announcement_has_a_script_and_a_document(title: str, body: str) -> None:
    found = script(body, title=title)
    for said in found.paragraphs:
        assert not any(sign.isdigit() for sign in said)
        assert not any(a.isupper() and b.isupper() for a, b in pairwise(said))
    assert docx.Document(io.BytesIO(radio.document(found, title, UNIT))).paragraphs[3].text


def test_a_poster_has_the_first_lines_and_those_that_say_when_and_where() -> None:
    lines = highlights.lines(BODY, most=4, longest=60)
    assert lines == [
        "UBND xã tổ chức cấp, đổi thẻ CCCD cho người từ 14 tuổi trở…",
        "Thời gian: 7h30–11h30, thứ Bảy 28/11/2026.",
        "Địa điểm: Nhà văn hóa thôn 2.",
        "Hạn cuối 30/11.",
    ]
    assert highlights.lines("", most=4, longest=60) == []


def test_sentences_end_where_they_end() -> None:
    assert highlights.sentences("Họp tại TP. Hưng Yên ngày 3. Mời dự. v.v. và các ông/bà.") == [
        "Họp tại TP. Hưng Yên ngày 3.",
        "Mời dự. v.v. và các ông/bà.",
    ]
