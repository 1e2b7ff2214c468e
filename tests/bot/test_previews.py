"""A message before it is sent, as each channel will show it."""

from markupsafe import Markup

from bot import previews
from bot.messages import Choice, Reply
from bot.settings import Unit
from bot.texts import Texts

TEXTS = Texts.load(Unit())
SIX = tuple(Choice(f"c:{number}", f"Lựa <chọn> {number}") for number in range(1, 7))


def shown(reply: Reply) -> dict[str, tuple[Markup, ...]]:
    return {one.channel: one.bubbles for one in previews.of(reply, TEXTS)}


def test_buttons_are_seen_where_a_channel_has_them_and_numbers_where_it_has_none() -> None:
    found = shown(Reply("Mời bà con **dự họp**.", SIX))
    assert {channel: len(bubbles) for channel, bubbles in found.items()} == dict.fromkeys(found, 1)
    buttons = {channel: bubbles[0].count("<span>") for channel, bubbles in found.items()}
    assert buttons == {"web": 6, "telegram": 6, "zalo_oa": 5, "zalo_bot": 0}
    assert "6. Lựa &lt;chọn&gt; 6" in found["zalo_oa"][0]
    assert "1. Lựa &lt;chọn&gt; 1" in found["zalo_bot"][0]
    assert TEXTS.say("zalo.choose") in found["zalo_bot"][0]
    assert "<button" not in "".join(bubbles[0] for bubbles in found.values()), "nothing here can be pressed"


def test_buttons_stand_under_the_last_part_of_a_long_message() -> None:
    found = shown(Reply("\n".join(["Bà con chú ý. " * 20] * 10), SIX[:2]))
    for channel in ("zalo_oa", "telegram"):
        *before, last = found[channel]
        assert "offered" in last
        assert not any("offered" in bubble for bubble in before)
    assert len(found["zalo_oa"]) > 1
