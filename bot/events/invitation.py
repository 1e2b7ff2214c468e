"""An announcement that invites: the buttons it carries, and which announcements may still get some."""

from datetime import datetime

from bot.events import words
from bot.messages import Choice
from bot.officials.refused import Refused
from bot.storage import announcements, events, quizzes
from bot.storage.announcements import Announcement, State
from bot.storage.database import Transaction
from bot.texts import Texts

QUIZ_BUTTON = "tt"  # the letter of a quiz's buttons in the conversation (handlers.actions)


async def choices(
    transaction: Transaction, announcement: Announcement, texts: Texts, *, now: datetime
) -> tuple[Choice, ...]:
    """Return the buttons of the event or quiz that an announcement carries; each of a series carries the series' own.

    There are none for what was over when sending began: so the numbers under a message stay what they were.
    """
    found: list[Choice] = []
    carrier, began = announcement.series or announcement.id, announcement.started_at or now
    event = await events.carried_by(transaction, carrier)
    if event and event.cancelled_at is None and event.starts_at > began:
        found += [words.button(event, verb, texts) for verb in ("come", "leave")]
    quiz = await quizzes.carried_by(transaction, carrier)
    if quiz and quiz.closes_at > began:
        found.append(Choice(f"{QUIZ_BUTTON}:{quiz.id}", texts.say("quiz_buttons.begin")))
    return tuple(found)


async def may_carry(transaction: Transaction, announcement: int | None, before: int | None) -> None:
    """Raise Refused unless an announcement may get or lose its buttons: what was approved stays as it was approved."""
    for number in {announcement, before} - {None} if announcement != before else ():
        assert number is not None
        found = await announcements.find(transaction, number)
        if found is None:
            raise Refused(f"Không có thông báo số {number}.", field="announcement")
        if found.series and number == announcement:
            raise Refused(
                f"Thông báo số {number} là một kỳ của thông báo lặp lại số {found.series}; "
                f"gắn vào số {found.series} khi còn là bản nháp thì kỳ nào cũng có.",
                field="announcement",
            )
        if found.state is not State.DRAFT and number == announcement:
            raise Refused(
                f"Thông báo số {number} đã duyệt hoặc đã gửi; chỉ gắn được vào bản nháp.", field="announcement"
            )
        if found.state in (State.APPROVED, State.SCHEDULED, State.SENDING, State.PAUSED):
            raise Refused(f"Thông báo số {number} đã duyệt nên không gỡ ra được.", field="announcement")
    if announcement is not None and announcement != before:
        await _is_free(transaction, announcement)


async def _is_free(transaction: Transaction, announcement: int) -> None:
    if await events.carried_by(transaction, announcement):
        raise Refused(f"Thông báo số {announcement} đã gắn một sự kiện.", field="announcement")
    if await quizzes.carried_by(transaction, announcement):
        raise Refused(f"Thông báo số {announcement} đã gắn một cuộc thi.", field="announcement")
