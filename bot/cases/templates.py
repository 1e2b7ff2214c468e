"""Reply templates with fields that a case fills in: {ma}, {ten}, {han}…"""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.cases.desk import Desk
from bot.officials.refused import Refused
from bot.officials.rights import Official
from bot.storage.cases import Case
from bot.storage.reply_templates import Template

LONGEST_NAME, LONGEST_TEXT = 80, 4_000
LONGEST_QUOTE = 200  # characters of the citizen's words in {noi_dung}

FIELDS: Mapping[str, str] = {
    "ma": "mã của việc",
    "ten": "tên người gửi, hoặc “ông/bà” khi không có tên",
    "han": "hạn trả lời, ví dụ thứ Hai 07/12/2026",
    "noi_dung": "những chữ đầu của lời phản ánh",
    "loai": "loại việc, ví dụ kiến nghị",
    "thon": "thôn, hoặc nơi xảy ra",
    "ngay_gui": "ngày gửi",
    "ngay": "ngày hôm nay",
    "can_bo": "họ tên cán bộ đang trả lời",
    "don_vi": "UBND xã",
    "dien_thoai": "điện thoại của xã",
    "dia_chi": "địa chỉ trụ sở",
}
_FIELD = re.compile(r"\{([^{}]*)\}")


def checked(template: Template) -> Template:
    """Return a template tidied; raise Refused for one that is empty, too long or has a field nobody fills in."""
    name, text = " ".join(template.name.split()), template.text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Xin đặt tên cho mẫu, dài nhất {LONGEST_NAME} chữ.", field="name")
    if not text or len(text) > LONGEST_TEXT:
        raise Refused(f"Xin viết lời của mẫu, dài nhất {LONGEST_TEXT} chữ.", field="text")
    unknown = [field for field in _FIELD.findall(text) if field not in FIELDS]
    if unknown:
        known = " ".join(f"{{{field}}}" for field in FIELDS)
        raise Refused(f"Không có chỗ điền {{{unknown[0]}}}. Các chỗ điền được: {known}", field="text")
    return Template(name, text, template.case_type, template.move, template.id)


def filled(text: str, case: Case, desk: Desk, official: Official, *, now: datetime) -> str:
    """Return a template's text with the values of a case; a denouncer's name is never among them."""
    values = _values(case, desk, official, now)
    return _FIELD.sub(lambda field: values.get(field[1], field[0]), text)


def _values(case: Case, desk: Desk, official: Official, now: datetime) -> dict[str, str]:
    words = " ".join(case.text.split())
    return {
        "ma": case.code,
        "ten": (not case.confidential and case.reporter_name) or "ông/bà",
        "han": desk.day(case.due_at),
        "noi_dung": words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE].rstrip()}…",
        "loai": desk.texts.section("case_types")[case.type],
        "thon": case.thon or case.landmark or desk.texts.fill("{xa}"),
        "ngay_gui": desk.day(case.created_at),
        "ngay": desk.day(now),
        "can_bo": official.full_name,
        **{name: desk.texts.fill(f"{{{name}}}") for name in ("don_vi", "dien_thoai", "dia_chi")},
    }
