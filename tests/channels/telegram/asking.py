"""What somebody asks on Telegram and is told."""

from tests.channels.shared import Desk
from tests.doubles import Person

NOWHERE = "http://127.0.0.1:9"

PAPERS, PAPERS_CARD = "đăng ký kết hôn cần giấy tờ gì", "Đăng ký kết hôn: giấy tờ cần mang"


async def ask(person: Person, desk: Desk, text: str = PAPERS) -> str:
    """Say something, wait until it is acted on, return what the person then sees last."""
    await desk.answered(person.telegram, person.say(text))
    return person.seen[-1].text


def texts(person: Person) -> str:
    return "\n".join(message.text for message in person.seen)
