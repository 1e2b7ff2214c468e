"""What the loudspeaker says: every number, sign and abbreviation in words that can be heard."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.broadcasting.reading_aloud import numerals, say, seconds, syllables
from bot.broadcasting.reading_aloud.abbreviations import EXPANSIONS, ISSUERS, KINDS, LETTERS, UNITS
from knowledge.vietnamese import fold, is_syllable

# ---- numbers


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (104, "một trăm linh bốn"),
        (111, "một trăm mười một"),
        (1_001, "một nghìn không trăm linh một"),
        (2_026, "hai nghìn không trăm hai mươi sáu"),
        (1_000_500, "một triệu không nghìn năm trăm"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (10**9 + 5, "một tỷ không trăm linh năm"),
        (1_500 * 10**9, "một nghìn năm trăm tỷ"),
        (10**12, "một nghìn tỷ"),
        (10**18, "một" + " không" * 18),
    ],
)
def test_numbers_as_they_are_said(value: int, said: str) -> None:
    assert numerals.number(value) == said


ONES = {word: value for value, word in enumerate(numerals.DIGITS)} | {"mốt": 1, "tư": 4, "lăm": 5}


def heard(said: str) -> int:
    """Return the number that a listener understands, group by group."""
    total = group = 0
    for word in said.split():
        if word == "tỷ":
            total, group = (total + group) * 10**9, 0
        elif word in ("triệu", "nghìn"):
            total, group = total + group * {"triệu": 10**6, "nghìn": 1000}[word], 0
        elif word == "trăm":
            group *= 100
        elif word == "mươi":
            group += group % 10 * 9
        elif word == "mười":
            group += 10
        elif word != "linh":
            group += ONES[word]
    return total + group


@given(st.integers(0, 10**12))
@example(1_000_000_500)
@example(10**12)
def test_a_number_heard_is_the_number_written(value: int) -> None:
    assert heard(numerals.number(value)) == value
    assert heard(say(str(value) if value < 1000 else f"{value:,}".replace(",", ".")).lower()) == value


@pytest.mark.parametrize(
    ("numeral", "value"), [("I", 1), ("IV", 4), ("IX", 9), ("XXI", 21), ("MMXXVI", 2026), ("IIII", None), ("", None)]
)
def test_roman_numerals(numeral: str, value: int | None) -> None:
    assert numerals.roman(numeral) == value


# ---- everything else


@pytest.mark.parametrize(
    ("written", "said"),
    [
        # times
        ("7h30", "bảy giờ ba mươi"),
        ("07:05", "bảy giờ năm phút"),
        ("7 giờ 30 phút", "bảy giờ ba mươi phút"),
        ("7:30–11:30", "bảy giờ ba mươi đến mười một giờ ba mươi"),
        ("8 giờ - 17 giờ", "tám giờ đến mười bảy giờ"),
        ("14g00", "mười bốn giờ"),
        ("24h", "hai mươi tư giờ"),
        # days
        ("20/11/2026", "ngày hai mươi tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("ngày 01/04/2027", "ngày một tháng tư năm hai nghìn không trăm hai mươi bảy"),
        ("thứ 4, 25/11", "thứ tư, ngày hai mươi lăm tháng mười một"),
        ("20-25/11/2026", "ngày hai mươi đến ngày hai mươi lăm tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("từ 20/11 - 25/11", "từ ngày hai mươi tháng mười một đến ngày hai mươi lăm tháng mười một"),
        ("tháng 11/2026", "tháng mười một năm hai nghìn không trăm hai mươi sáu"),
        ("tháng 4, quý 4", "tháng tư, quý tư"),
        ("T2-T6, CN", "thứ hai đến thứ sáu, Chủ nhật"),
        ("32/13/2026", "ba mươi hai trên mười ba trên hai nghìn không trăm hai mươi sáu"),
        ("2021-2030", "hai nghìn không trăm hai mươi mốt đến hai nghìn không trăm ba mươi"),
        # telephones
        ("ĐT: 0221 3872 113", "điện thoại: không hai hai một, ba tám bảy hai, một một ba"),
        ("0912345678", "không chín một hai, ba bốn năm, sáu bảy tám"),
        ("(0221) 3.872.113", "không hai hai một, ba, tám bảy hai, một một ba"),
        ("gọi 113, 114 hoặc 115", "gọi một một ba, một một bốn hoặc một một năm"),
        ("gọi 3 lần", "gọi ba lần"),
        ("115 người", "một trăm mười lăm người"),
        ("tổng đài 1022", "tổng đài một không hai hai"),
        # money, shares, measures
        ("8.000 đồng/bản", "tám nghìn đồng mỗi bản"),
        ("1,5 triệu đồng; 50k; 15.000đ", "một phẩy năm triệu đồng, năm mươi nghìn, mười lăm nghìn đồng"),
        ("95,5%", "chín mươi lăm phẩy năm phần trăm"),
        ("3,05 ha", "ba phẩy không năm héc-ta"),
        ("≥ 90 %", "từ chín mươi phần trăm"),
        ("5-10 ngày, -5°C", "năm đến mười ngày, âm năm độ xê"),
        ("70 m², 5 m3, 60 km/h", "bảy mươi mét vuông, năm mét khối, sáu mươi ki-lô-mét một giờ"),
        ("1/2 số hộ; 3/4 diện tích", "một phần hai số hộ, ba phần tư diện tích"),
        ("Quốc khánh 2/9", "Quốc khánh ngày hai tháng chín"),
        ("nhà số 12/5, 24/7", "nhà số mười hai trên năm, hai mươi tư trên bảy"),
        # papers of state
        (
            "Nghị định số 118/2025/NĐ-CP",
            "Nghị định số một trăm mười tám năm hai nghìn không trăm hai mươi lăm của Chính phủ",
        ),
        ("QĐ 12/QĐ-UBND", "Quyết định số mười hai của Ủy ban nhân dân"),
        ("Kế hoạch số 184/KH-UBND", "Kế hoạch số một trăm tám mươi tư của Ủy ban nhân dân"),
        ("Quyết định 01/2023/QĐ-UBND của UBND tỉnh",
         "Quyết định số một năm hai nghìn không trăm hai mươi ba của Ủy ban nhân dân tỉnh"),
        ("theo 76/NQ-CP", "theo nghị quyết số bảy mươi sáu của Chính phủ"),
        ("Chỉ thị số 28-CT/TU", "Chỉ thị số hai mươi tám của Tỉnh ủy"),
        (
            "Luật 72/2025/QH15",
            "Luật số bảy mươi hai năm hai nghìn không trăm hai mươi lăm của Quốc hội khóa mười lăm",
        ),
        ("thủ tục mã 1.001193", "thủ tục mã một chấm không không một một chín ba"),
        # Roman numerals, abbreviations, letters
        ("quý IV, thế kỷ XXI, khóa XV", "quý tư, thế kỷ hai mươi mốt, khóa mười lăm"),
        ("lần thứ I", "lần thứ nhất"),
        ("quý 4/2026", "quý tư năm hai nghìn không trăm hai mươi sáu"),
        ("đợt II/2026", "đợt hai năm hai nghìn không trăm hai mươi sáu"),
        ("Ủy ban nhân dân (UBND) xã", "Ủy ban nhân dân xã"),
        (
            "HĐND-UBND; TTHC, CCHC, DVC, CCCD, BHYT",
            "Hội đồng nhân dân, Ủy ban nhân dân, thủ tục hành chính, cải cách hành chính, dịch vụ công, "
            "căn cước công dân, bảo hiểm y tế",
        ),
        ("THÔNG BÁO: MỜI BÀ CON", "thông báo: mời bà con"),
        ("mã QR, OTP, khổ A4, ĐT376", "mã quy e-rờ, o tê pê, khổ a bốn, đường tỉnh ba trăm bảy mươi sáu"),
        ("vợ/chồng, và/hoặc", "vợ hoặc chồng, hoặc"),
        ("khu B, điểm c", "khu bê, điểm xê"),
        ("mở https://dichvucong.gov.vn/p/1.", "mở dịch vụ công chấm gốp chấm vi-en."),
        ("“đúng hạn” (không tính CN).", "“đúng hạn”, không tính Chủ nhật."),
        ("05 ngày", "năm ngày"),
        ("001099123456", "không không một không chín chín một hai ba bốn năm sáu"),
    ],
)  # fmt: skip
def test_the_sentence_as_it_is_said(written: str, said: str) -> None:
    assert say(written) == said[:1].upper() + said[1:]


def test_the_marks_of_a_list_are_said_and_bullets_are_not() -> None:
    assert say("1. Tờ khai\n- bản sao\nII. Nơi nộp\na) tại xã\n\n") == (
        "Một là: Tờ khai\nBản sao\nPhần hai: Nơi nộp\nMục a: tại xã"
    )


PIECES = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.integers(0, 10**13).map(str),
        st.sampled_from([*EXPANSIONS, *KINDS, *ISSUERS, *UNITS, "XIV", "QH15", "Q1", "ƯU", "ĐĐĐ", "½", "①", "٣", "Ⅳ"]),
        st.sampled_from([" ", "\n", "/", "-", "–", ".", ",", ":", "(", ")", "%", "20/11/2026", "7h30", "0912 345 678"]),
    ),
    max_size=16,
).map("".join)


@given(PIECES)
@example("aA")
@example("ß")
@example("12/5/2026/7")
@example("99/99 1.2.3.4/5,6-7")
@example("0912 345 678/1")
def test_nothing_is_left_that_cannot_be_said(text: str) -> None:
    said = say(text)
    assert not [sign for sign in said if sign.isdigit()]
    assert not [a + b for a, b in pairwise(said) if a.isupper() and b.isupper()]
    assert "  " not in said
    assert all(line.strip() for line in said.split("\n")) or not said


def test_no_abbreviation_is_also_a_word() -> None:
    """A word shouted in capitals is read as a word: an abbreviation of the same letters would swallow it."""
    assert [name for name in EXPANSIONS if name.isalpha() and is_syllable(fold(name))] == ["TYT"], "no word"


def test_every_expansion_can_be_said_as_it_stands() -> None:
    for full in (*EXPANSIONS.values(), *KINDS.values(), *ISSUERS.values(), *UNITS.values(), *LETTERS.values()):
        assert not re.search(r"\d|[A-ZĐ]{2}", full), full


def test_how_long_it_takes() -> None:
    said = say("Mời bà con đến nhà văn hóa lúc 7h30")
    assert syllables(said) == 12
    assert seconds(said) == 4
