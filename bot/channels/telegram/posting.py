"""Keeps the posts of the officials' group true: missing ones are written, outdated ones changed, topics closed.

What is to be done is read from the database each time, so a crash or an absent Telegram loses none of it, and many
changes of a case are one edit. A crash between sending and keeping repeats one post.
"""

import asyncio
import logging

from bot.cases.model import State
from bot.channels.telegram.group import Group
from bot.messages import DeliveryError, DeliveryOutcome
from bot.storage import case_events, cases, staff_posts
from bot.storage.cases import Case
from bot.storage.database import StorageError
from bot.storage.staff_posts import Post
from handlers.services import Services
from handlers.staff import posts

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
AT_ONCE = 5  # of each kind, then the database is asked again
LONGEST_PAUSE = 600.0


class Posting:
    """The loop over one group, whose calls are tried once each: what fails is read anew and tried later."""

    def __init__(self, group: Group, services: Services) -> None:
        self._group, self._services = group, services

    async def run(self) -> None:
        """Work until cancelled."""
        pause = POLL_SECONDS
        while True:
            try:
                await self.refresh()
                pause = POLL_SECONDS
            except StorageError as error:
                log.error("nhóm cán bộ: %s", error)
            except DeliveryError as error:
                pause = error.retry_after or min(pause * 2, LONGEST_PAUSE)
                log.warning("nhóm cán bộ: %s; thử lại sau %.0f giây. %s", error.outcome, pause, _remedy(error))
            await asyncio.sleep(pause)

    async def refresh(self) -> None:
        """Do some of what is to be done; raise DeliveryError when Telegram did not take it."""
        async with self._services.database.transaction() as transaction:
            outdated = await staff_posts.outdated(transaction, self._group.chat, limit=AT_ONCE)
            missing = await staff_posts.unposted(transaction, self._group.chat, limit=AT_ONCE)
        for post, case in outdated:
            await self._update(post, case)
        has_topics = bool(missing) and await self._group.has_topics()
        for case in missing:
            await self._publish(case, has_topics=has_topics)

    async def _publish(self, stale: Case, *, has_topics: bool) -> None:
        topic = await self._topic(stale) if has_topics else None
        async with self._services.database.transaction() as transaction:
            case = await cases.by_id(transaction, stale.id)  # anew: meanwhile it may have become confidential
            if case is None or case.confidential:
                return
            reply = await posts.post(transaction, case, self._services)
        message = await self._group.post(reply, topic=topic)
        async with self._services.database.transaction() as transaction:
            await staff_posts.add(transaction, case, Post(self._group.chat, message, topic))

    async def _topic(self, case: Case) -> int | None:
        try:
            return await self._group.open_topic(posts.topic(case, self._services))
        except DeliveryError as error:
            if error.outcome is not DeliveryOutcome.REFUSED:
                raise
            log.warning("nhóm cán bộ: chưa mở được chủ đề (%s); cho bot quyền quản lý chủ đề", error)
            return None

    async def _update(self, post: Post, case: Case) -> None:
        async with self._services.database.transaction() as transaction:
            reply = await posts.post(transaction, case, self._services)
            was_closed = any(state == State.CLOSED for _, state in await case_events.states(transaction, case.id))
        if not await self._group.edit(post.message, reply):
            log.info("nhóm cán bộ: bài về %s không còn sửa được", case.code)
        if post.topic and was_closed:
            await self._group.set_topic(post.topic, is_open=case.state != State.CLOSED)
        async with self._services.database.transaction() as transaction:
            await staff_posts.note_shown(transaction, post, case.version)


def _remedy(error: DeliveryError) -> str:
    if error.moved_to:
        return f"Nhóm đã đổi số: đặt [telegram] staff_chat = “{error.moved_to}” rồi khởi động lại"
    if error.outcome in (DeliveryOutcome.GONE, DeliveryOutcome.REFUSED):
        return "Kiểm tra [telegram] staff_chat, và bot còn trong nhóm, được gửi tin"
    return "Bài chưa đăng vẫn được giữ"
