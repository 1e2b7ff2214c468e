"""Updates that are officials' work: the group named in the settings, and the code that links an account."""

import logging

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.cases import codes
from bot.channels.telegram import inbound
from bot.channels.telegram.downloads import Downloads
from bot.channels.telegram.group import Group
from bot.channels.telegram.outbound import Outbox
from bot.messages import Attachment, Reply
from handlers.services import Services
from handlers.staff import work
from handlers.staff.work import Press
from handlers.staff.written import Words

log = logging.getLogger(__name__)

CODE_LENGTH = 16  # PA-2026-000123-K


class Staff:
    """Acts on officials' updates. Only the configured group is heard; every other group is told to nobody."""

    def __init__(self, group: Group, outbox: Outbox, downloads: Downloads, services: Services) -> None:
        self._group, self._outbox, self._downloads, self._services = group, outbox, downloads, services

    async def took(self, update: Update) -> bool:
        """Act on an update and return True when it is officials' work."""
        query, message = update.callback_query, update.message
        if query and query.message and self._is_ours(query.message.chat.id):
            await self._press(query)
        elif message and self._is_ours(message.chat.id):
            await self._hear(message)
        elif message and message.chat.type == ChatType.PRIVATE:
            return await self._link(message)
        elif update.my_chat_member and update.my_chat_member.chat.type != ChatType.PRIVATE:
            chat = update.my_chat_member.chat.id
            log.info("bot ở trong nhóm %s; muốn dùng làm nhóm cán bộ thì đặt [telegram] staff_chat = “%s”", chat, chat)
        else:
            return False
        return True

    def _is_ours(self, chat: int) -> bool:
        return bool(self._group.chat) and str(chat) == self._group.chat

    async def _link(self, message: Message) -> bool:
        reply = await work.link(message.text or "", str(message.chat.id), self._services)
        if reply:
            await self._outbox.send(str(message.chat.id), [reply])
        return reply is not None

    async def _hear(self, message: Message) -> None:
        """Answer what replies to a message of ours that names a case; all other talk is the group's own."""
        named = self._case_of(message.reply_to_message)
        if named is None or message.from_user is None or message.from_user.is_bot:
            return
        who, text = str(message.from_user.id), inbound.text_of(message)
        words = Words(who, text, () if text else await self._fetch(message, who))
        if not text and not words.attachments:
            return
        reply = await work.hear(words, named, self._services)
        is_album = bool(message.media_group_id) and not text
        if reply and not is_album:
            await self._say(reply, message)

    def _case_of(self, message: Message | None) -> str | None:
        """Return the case that a message of ours begins with; the digest, which names several, is about none."""
        return codes.read((message.text or "")[:CODE_LENGTH]) if message and self._group.wrote(message) else None

    async def _press(self, query: CallbackQuery) -> None:
        message = query.message if isinstance(query.message, Message) else None
        words = await self._words(message.reply_to_message) if message else None
        outcome = await work.press(Press(str(query.from_user.id), query.data or "", words), self._services)
        is_told = await self._outbox.acknowledge(query.id, outcome.notice, is_alert=outcome.is_refusal)
        if message is None:
            return
        if outcome.is_refusal and not is_told:
            await self._say(Reply(outcome.notice), message)
        if outcome.reply and not (outcome.reply.edits and await self._group.edit(message.message_id, outcome.reply)):
            await self._say(outcome.reply, message)

    async def _words(self, written: Message | None) -> Words | None:
        """Return what an official wrote, with its file; None for a message of a bot, such as a topic's first."""
        if written is None or written.from_user is None or written.from_user.is_bot:
            return None
        who = str(written.from_user.id)
        return Words(who, inbound.text_of(written), await self._fetch(written, who))

    async def _fetch(self, message: Message, who: str) -> tuple[Attachment, ...]:
        remote = inbound.file_of(message)
        return (await self._downloads.fetch(remote, sender=who),) if remote else ()

    async def _say(self, reply: Reply, to: Message) -> None:
        topic = to.message_thread_id if to.is_topic_message else None
        await self._group.post(reply, topic=topic, to=to.message_id)
