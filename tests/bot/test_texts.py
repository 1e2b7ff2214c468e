"""Every sentence used exists, is filled in, and none is left over."""

import re
from pathlib import Path

from bot.settings import FileSettings, Unit
from bot.texts import FILES, Texts, day
from tests.conftest import TODAY

ROOT = Path(__file__).parents[2]
SOURCES = [p for folder in ("bot", "handlers") for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".html")]
CODE = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES)
BY_SECTION = {
    "facets",
    "reasons",
    "commands",
    "talk",
    "unfilled",
    "buttons",
    "case_types",
    "case_states",
    "case_results",
    "case_notices",
    "attachment_kinds",
    "feedback_buttons",
    "track_buttons",
    "factors",
    "marks",
    "proofs",
    "staff_buttons",
    "staff_digest",
    "staff_stages",
    "data_buttons",
    "data_kinds",
    "purposes",
    "event_buttons",
    "event_outcomes",
    "quiz_buttons",
}  # reached by section or by a computed name


def test_every_sentence_named_in_the_code_exists() -> None:
    texts = Texts.load(Unit())
    for section, name in re.findall(r"""say\(["']([a-z_]+)\.([a-z_]+)["']""", CODE):
        assert name in texts.section(section), f"{section}.{name}"


def test_no_sentence_is_left_over() -> None:
    import tomllib

    sections = {
        section: names
        for file in FILES
        for section, names in tomllib.loads((ROOT / "bot" / file).read_text(encoding="utf-8")).items()
    }
    unused = [
        f"{s}.{n}" for s, names in sections.items() if s not in BY_SECTION for n in names if f"{s}.{n}" not in CODE
    ]
    assert unused == []


def test_the_commune_is_filled_in_and_what_is_missing_is_said() -> None:
    texts = Texts.load(Unit(name="xã Tiên Hoa", address="thôn Một"))
    assert texts.fill("{don_vi}, {dia_chi}") == "UBND xã Tiên Hoa, thôn Một"
    assert "chưa cung cấp" in texts.fill("{dien_thoai}")
    assert texts.fill("không có chỗ điền") == "không có chỗ điền"


def test_the_limits_of_files_are_told_as_they_are_set() -> None:
    texts = Texts.load(Unit(), FileSettings(photo_mb=7, video_mb=8, document_mb=9))
    told = [texts.say(f"files.{name}_too_large") for name in ("photo", "video", "document")]
    assert [f" {size} MB " in sentence for sentence, size in zip(told, (7, 8, 9), strict=True)] == [True] * 3


def test_dates_are_written_as_people_do() -> None:
    assert day(TODAY) == "23/11/2026"
