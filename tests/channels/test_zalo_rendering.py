"""Whatever is to be said fits Zalo, and every choice can be reached by a button or by its number."""

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.zalo_bot import rendering as bot_rendering
from bot.channels.zalo_oa import rendering as oa_rendering
from bot.channels.zalo_oa.inbound import MARK
from bot.files import StoredFile
from bot.messages import Choice, Enclosure, Reply
from bot.settings import Unit
from bot.texts import Texts
from tests.channels import zalo_rules

TEXTS = Texts.load(Unit(phone="0221 3888 999"))
LEAD = "Mục khác, ông/bà gõ số để chọn:"
LINES = st.lists(st.text(alphabet="abcđệ 👍", min_size=1, max_size=400), max_size=30).map("\n".join)
LABELS = st.text(alphabet="abđệ ", min_size=1, max_size=300).map(lambda label: f"x{label}x")
CHOICES = st.lists(st.builds(Choice, st.text("abc:", min_size=1, max_size=64), LABELS), max_size=14).map(tuple)
REPLIES = st.lists(st.builds(Reply, LINES.map(lambda lines: f"x{lines}"), CHOICES), min_size=1, max_size=3)


@given(REPLIES)
def test_the_official_account_takes_every_message_and_offers_every_choice(replies: list[Reply]) -> None:
    messages = list(oa_rendering.messages(replies, lead=LEAD))
    taken = [zalo_rules.read_message(message.as_json("oa.query.show")) for message in messages]
    pressed = [payload.rpartition(MARK)[2] for _, buttons in taken for _, payload in buttons]
    assert pressed == [choice.id for reply in replies for choice in reply.choices[:5]]
    offered = [choice.label for reply in replies for choice in reply.choices]
    said = "\n".join(text for text, _ in taken)
    numbered = [label for number, label in enumerate(offered, 1) if f"{number}. {label}"[:40] in said]
    beyond = [choice.label for reply in replies for choice in reply.choices[5:] if len(choice.label) < 100]
    assert set(beyond) <= set(numbered)


@given(REPLIES)
def test_the_bot_numbers_choices_through_all_replies(replies: list[Reply]) -> None:
    texts = [message.text for message in bot_rendering.messages(replies, lead=LEAD, name=lambda text, _: text)]
    assert all(1 <= len(text.strip()) <= zalo_rules.MOST_TEXT for text in texts)
    offered = [choice.label for reply in replies for choice in reply.choices]
    said = re.sub(r"\s", "", "".join(texts))
    for number, label in enumerate(offered, 1):
        assert re.sub(r"\s", "", f"{number}. {label}") in said


@given(LINES, st.lists(LABELS, max_size=4), st.integers(60, 400))
def test_a_template_is_filled_within_its_room_and_tells_of_every_file(text: str, names: list[str], most: int) -> None:
    files = tuple(Enclosure(StoredFile("ab" * 32, f"{name}.pdf", "application/pdf", 9)) for name in names)
    filled = oa_rendering.in_template([Reply(f"Lịch {text}", files=files)], TEXTS, most=most)
    assert len(filled) <= most
    assert filled.startswith("Lịch")
    assert ("Kèm theo" in filled) is bool(files)


def test_a_template_names_its_files_or_counts_them() -> None:
    short, long = (Enclosure(StoredFile("ab" * 32, name, "application/pdf", 9)) for name in ("a.pdf", "b" * 90))
    map_of = Enclosure(StoredFile("ab" * 32, "1.jpg", "image/jpeg", 9), "Bản đồ thôn")
    told = oa_rendering.in_template([Reply("**Lịch tiêm**", files=(short, map_of))], TEXTS, most=200)
    assert told == "Lịch tiêm\nKèm theo Bản đồ thôn, a.pdf: xin xem tại trụ sở UBND hoặc hỏi 0221 3888 999."
    told = oa_rendering.in_template([Reply("Lịch " * 50, files=(short, long))], TEXTS, most=200)
    assert "…\nKèm theo 2 tệp: xin xem tại trụ sở UBND" in told
    assert oa_rendering.in_template([Reply("một"), Reply("hai")], TEXTS, most=200) == "một\nhai"


def test_six_choices_are_five_buttons_and_one_number() -> None:
    choices = tuple(Choice(f"e:{n}", f"Mục {n}") for n in range(1, 7))
    (message,) = oa_rendering.messages([Reply("**Lệ phí**: không thu.", choices)], lead=LEAD)
    assert message.text == f"Lệ phí: không thu.\n\n{LEAD}\n6. Mục 6"
    assert [choice.label for choice in message.buttons] == ["Mục 1", "Mục 2", "Mục 3", "Mục 4", "Mục 5"]
    button = message.as_json("oa.query.hide")["attachment"]["payload"]["buttons"][0]
    assert button == {"title": "Mục 1", "type": "oa.query.hide", "payload": "Mục 1 #OPT:e:1"}


def test_a_long_text_has_its_buttons_under_the_last_part() -> None:
    paragraphs = "\n\n".join(f"{n}. " + "giấy tờ " * 60 for n in range(10))
    messages = list(oa_rendering.messages([Reply(paragraphs, (Choice("t", "Hỏi thủ tục"),))], lead=LEAD))
    assert len(messages) > 2
    assert [bool(message.buttons) for message in messages] == [False] * (len(messages) - 1) + [True]
    assert all(message.text.startswith(tuple("0123456789")) for message in messages), "cut between paragraphs"


def test_a_label_longer_than_a_button_is_cut() -> None:
    (message,) = oa_rendering.messages([Reply("x", (Choice("t", "Hỏi " * 40),))], lead=LEAD)
    title = message.as_json("oa.query.show")["attachment"]["payload"]["buttons"][0]["title"]
    assert len(title) <= zalo_rules.MOST_TITLE
    assert title.endswith("…")
