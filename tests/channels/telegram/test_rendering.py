"""Whatever is to be said fits Telegram: valid HTML, parts that fit, keyboards that are taken."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import rendering
from bot.messages import Choice, Reply
from tests.channels import telegram_rules as rules

MARKS = st.sampled_from(["**", "<", ">", "&", "&amp;", "</b>", "<b>", '"', "\n", " ", "đ", "ệ", "👍🏽", "1. ", "- "])
TEXTS = st.lists(st.one_of(st.text(max_size=30), MARKS), max_size=30).map("".join)
LABELS = st.text(min_size=1, max_size=200).filter(str.strip)
CHOICE = st.builds(Choice, st.text(alphabet="abc:đ", min_size=1, max_size=70), LABELS)
CHOICES = st.builds(lambda some, times: some * times, st.lists(CHOICE, max_size=10), st.integers(1, 13))


@given(TEXTS)
def test_any_text_becomes_html_that_reads_as_it_was_written(text: str) -> None:
    shown = rules.read_html(rendering.to_html(text))
    assert shown.replace("*", "") == text.replace("*", "")


def test_bold_becomes_bold_and_nothing_else_markup() -> None:
    assert rendering.to_html("**Lệ phí**: 8.000 < 10.000 & <i>rẻ</i>") == (
        "<b>Lệ phí</b>: 8.000 &lt; 10.000 &amp; &lt;i&gt;rẻ&lt;/i&gt;"
    )


def test_a_long_answer_of_emojis_and_marks_is_taken_by_telegram() -> None:
    text = "\n".join(f"{i}. Giấy tờ <{i}> & bản sao 👍🏽👍🏽👍🏽 của ông/bà" for i in range(600))
    parts = rendering.split(text)
    shown = [rules.read_text({"text": rendering.to_html(part), "parse_mode": "HTML"}) for part in parts]
    assert len(parts) > 5
    assert "\n".join(shown) == text


@given(CHOICES)
def test_any_keyboard_is_taken_and_keeps_what_fits_in_order(choices: list[Choice]) -> None:
    markup = rendering.keyboard(choices)
    taken = rules.read_choices({"reply_markup": markup.to_dict()}) if markup else []
    fitting = [choice.id for choice in choices if len(choice.id.encode()) <= rules.MOST_DATA_BYTES]
    assert [data for _, data in taken] == fitting[: rules.MOST_BUTTONS]


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    labels = ["Lệ phí", "Nộp ở đâu", "Đăng ký kết hôn có yếu tố nước ngoài", "Đúng", "Chưa đúng"]
    reply = Reply("", tuple(Choice(str(number), label) for number, label in enumerate(labels)))
    markup = rendering.keyboard(reply.choices)
    assert markup
    assert [[button.text for button in row] for row in markup.inline_keyboard] == [labels[:2], [labels[2]], labels[3:]]
