"""How fast visitors may go: a person is never slowed, a script is, whatever cookie and address it claims."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from bot import guard
from bot.channels.web import server, visitors
from bot.channels.web.app import create_app
from bot.channels.web.outbound import WebChannel
from handlers.services import Services
from tests.channels.chats import SITE
from tests.channels.shared import FlyingTime

MOBILE, OTHER, IPV6, SAME_IPV6 = "113.161.0.9", "14.162.0.1", "2405:4800:1::1", "2405:4800:1::ffff"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> FlyingTime:
    time = FlyingTime()
    monkeypatch.setattr(guard, "time", time)
    return time


def admitted(door: visitors.Door, count: int, host: str, *, cookie: str = "") -> int:
    """Return how many of so many turns are allowed; every turn has a cookie of its own unless it is given."""
    return sum(door.admits(cookie or visitors.new_token(), host) for _ in range(count))


def test_a_fresh_cookie_at_each_request_gets_nobody_far(time: FlyingTime) -> None:
    door = visitors.Door()
    assert admitted(door, 2_000, MOBILE) == 600
    assert sum(door.admits(None, MOBILE) for _ in range(100)) == 0, "nor does no cookie at all"
    time.now += 60
    assert admitted(door, 2_000, MOBILE) == 120, "new visitors of one address in a minute"


def test_who_talks_already_is_not_shut_out_by_newcomers(time: FlyingTime) -> None:
    door = visitors.Door()
    assert door.admits("bà Lan", MOBILE)
    assert admitted(door, 1_000, MOBILE) == 599
    assert door.admits("bà Lan", MOBILE)
    assert door.admits("ông Minh", OTHER), "another address has its own newcomers"


def test_a_meeting_behind_one_address_is_not_slowed(time: FlyingTime) -> None:
    door = visitors.Door()
    people = [f"người {number}" for number in range(300)]
    for _ in range(10):
        assert all(door.admits(person, MOBILE) for person in people)
        time.now += 10


def test_one_address_has_an_end_too(time: FlyingTime) -> None:
    door = visitors.Door()
    people = [f"người {number}" for number in range(100)]
    counts = Counter(door.admits(person, MOBILE) for _ in range(100) for person in people)
    assert counts[True] == 1_200


def test_an_ipv6_subscriber_is_one(time: FlyingTime) -> None:
    door = visitors.Door()
    assert admitted(door, 700, IPV6) == 600
    assert admitted(door, 10, SAME_IPV6) == 0
    assert admitted(door, 10, "2405:4800:2::1") == 10


async def test_a_script_with_fresh_cookies_is_refused(services: Services, time: FlyingTime) -> None:
    transport = httpx.ASGITransport(create_app(services), client=(MOBILE, 5_000))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as script:
        headers = ({"cookie": f"{visitors.COOKIE}={visitors.new_token()}"} for _ in range(700))
        statuses = [(await script.post("/api/chat", content=b"", headers=h)).status_code for h in headers]
    assert Counter(statuses) == {400: 600, 429: 100}


# ---- behind a proxy


@asynccontextmanager
async def served(services: Services) -> AsyncIterator[str]:
    """Serve as the program does; return the address."""
    listener = server.listen(replace(services.config.web, port=0))
    web = WebChannel(services.database, now=services.now)
    serving = asyncio.create_task(server.serve(services, listener, channel=web, routes=[]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def spent(client: httpx.AsyncClient, count: int, **headers: str) -> Counter[int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Counter([(await client.post("/api/chat", content=b"", headers=named)).status_code for _ in range(count)])


async def test_a_proxy_on_this_machine_names_the_visitor(services: Services, time: FlyingTime) -> None:
    async with served(services) as url, httpx.AsyncClient(base_url=url) as proxy:
        assert await spent(proxy, 650, x_forwarded_for=MOBILE) == {400: 600, 429: 50}
        assert await spent(proxy, 5, x_forwarded_for=OTHER) == {400: 5}
        assert await spent(proxy, 5, x_forwarded_for=f"{OTHER}, {MOBILE}") == {429: 5}, "only who spoke to the proxy"


async def test_nobody_else_can_name_another(services: Services, time: FlyingTime) -> None:
    elsewhere = httpx.AsyncHTTPTransport(local_address="127.0.0.2")  # not the address a proxy here speaks from
    async with served(services) as url, httpx.AsyncClient(base_url=url, transport=elsewhere) as stranger:
        assert (await spent(stranger, 650, x_forwarded_for=OTHER))[429] == 50
        assert await spent(stranger, 5, x_forwarded_for=MOBILE) == {429: 5}
