"""Whatever a phone sends, in whatever state, is answered and kept."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.messages import Attachment, AttachmentKind, Place
from bot.storage.case_tables import attachments, case_events, cases, drafts
from bot.storage.tables import questions
from handlers.services import Services
from tests.handlers.citizens import Citizen, rows
from tests.handlers.feedback.telling import (
    PHOTO,
    adding,
    agreed,
    answered,
    asked_why,
    begun,
    describing,
    filed,
    idle,
    placed,
    previewed,
    told,
    typed,
)

STATES: tuple[Callable[[Citizen], Awaitable[None]], ...] = (
    idle, answered, asked_why, describing, begun, agreed, told, typed, placed, previewed, filed, adding,
)  # fmt: skip

MESSAGES: dict[str, dict[str, Any]] = {
    "words": {"text": "ở ngay đầu cầu, cạnh trạm điện"},
    "photo": {"attachments": (PHOTO,)},
    "photo with words": {"attachments": (PHOTO,), "text": "chỗ này đây"},
    "video": {"attachments": (Attachment(AttachmentKind.VIDEO),)},
    "voice": {"attachments": (Attachment(AttachmentKind.VOICE),)},
    "file": {"attachments": (Attachment(AttachmentKind.FILE),)},
    "place": {"attachments": (Attachment(AttachmentKind.LOCATION, place=Place(20.7, 106.1, "chợ")),)},
    "contact": {"attachments": (Attachment(AttachmentKind.CONTACT, phone="0912345678"),)},
    "refused file": {"attachments": (Attachment(AttachmentKind.FILE, refused="unknown.attachment"),)},
    "sticker": {"attachments": (Attachment(AttachmentKind.STICKER),)},
    "unknown kind": {"attachments": (Attachment(AttachmentKind.OTHER),)},
    "an old button": {"choice": "g:abcdefabcdef:send"},
    "nothing": {"text": ""},
    "blanks": {"text": "  \u200b "},
}


async def kept(services: Services) -> str:
    """Return all that is stored of what citizens said and sent."""
    tables = (questions, drafts, cases, case_events, attachments)
    return str([await rows(services, table) for table in tables])


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
async def test_every_message_in_every_state_is_answered_and_kept(
    lan: Citizen, services: Services, state: Callable[[Citizen], Awaitable[None]], message: str
) -> None:
    await state(lan)
    before = await kept(services)
    reply = await lan.does(**MESSAGES[message])
    assert reply.text.strip()
    assert "{" not in reply.text
    if message not in ("an old button", "nothing", "blanks"):
        assert await kept(services) != before
