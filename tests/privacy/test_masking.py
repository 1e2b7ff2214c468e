"""What is masked of a person, and what must stay readable."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assembly import Masking
from bot.privacy.masking import MASK, mask
from bot.redaction import redact_log

LAN = ("Nguyễn Thị Lan", "ngõ 5 thôn Đông")
LINK = "mở http://127.0.0.1:8080/quan-tri/moi/aB3_912345678xY"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Tôi là Nguyễn Thị Lan, đèn hỏng", f"Tôi là {MASK}, đèn hỏng"),
        ("toi la nguyen thi lan", f"toi la {MASK}"),
        ("NGUYỄN  THỊ LAN báo", f"{MASK} báo"),
        ("xã đã gặp bà Lan", f"xã đã gặp bà {MASK}"),
        ("Lan can cầu gãy", "Lan can cầu gãy"),
        ("nhà ở ngõ 5, thôn Đông", f"nhà ở {MASK}"),
        ("đèn đường thôn Đông", "đèn đường thôn Đông"),
        ("gọi 0912 345 678", "gọi [số đã che]"),
    ],
)
def test_names_and_places_go_and_the_matter_stays(said: str, left: str) -> None:
    assert mask(said, LAN) == left


@pytest.mark.parametrize("hidden", [(), ("",), ("  ", "…")])
def test_nothing_hidden_leaves_the_words(hidden: tuple[str, ...]) -> None:
    assert mask("Đèn đường hỏng", hidden) == "Đèn đường hỏng"


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_name_is_gone_whatever_stands_around_it(before: str, after: str) -> None:
    assert "Nguyễn Thị Lan" not in mask(f"{before} Nguyễn Thị Lan {after}", LAN)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("gửi tới 0912345678 hỏng", "gửi tới [số đã che] hỏng"),
        ("gửi tới +84 912 345 678", "gửi tới [số đã che]"),
        ("căn cước 001190012345", "căn cước [số đã che]"),
        ("chứng minh 145678901.", "chứng minh [số đã che]."),
        ("thư lan@example.vn", "thư [thư điện tử đã che]"),
        ("2026-11-23 02:00:00,123 INFO", "2026-11-23 02:00:00,123 INFO"),
        ("việc PA-2026-000123-K", "việc PA-2026-000123-K"),
        (LINK, LINK),
    ],
)
def test_logs_show_no_number_of_a_person_and_stay_readable(line: str, left: str) -> None:
    assert redact_log(line) == left


def test_every_record_is_masked_its_arguments_and_traces_too() -> None:
    try:
        raise ValueError("không gửi được 0912345678")
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    arguments = ("0912345678", {"cc": "001190012345"})
    record = logging.LogRecord("bot", logging.ERROR, "x", 1, "tin tới %s: %s", arguments, trace)
    written = Masking("%(levelname)s %(message)s").format(record)
    assert "0912345678" not in written
    assert "001190012345" not in written
    assert "ValueError: không gửi được [số đã che]" in written
