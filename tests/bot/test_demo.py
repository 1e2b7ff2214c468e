"""The filled example: made-up people who really talked, and nothing of the real data touched."""

from dataclasses import replace

import httpx
import pytest

from bot import config
from bot.cases import sipas
from bot.cases.model import OPEN, State
from bot.channels.web.app import create_app
from bot.cli import demo
from bot.cli.examples import announcements, cases, officials
from bot.officials.passwords import Passwords, check
from bot.officials.rights import Role
from bot.storage import broadcast_tables, case_tables, inspection, official_tables, tables
from handlers.services import Services
from tests.channels.chats import SITE
from tests.channels.shared import rows
from tests.conftest import NOW


async def test_the_people_of_the_example_really_talked(services: Services) -> None:
    await demo.fill(services)
    asked = await rows(services, tables.questions)
    assert {question["channel"] for question in asked} == {"web", "telegram"}
    assert {"answered", "unsure", "unknown"} <= {question["outcome"] for question in asked}
    assert {question["useful"] for question in asked} == {True, False, None}
    assert len({question["asked_at"].date() for question in asked}) >= 8, "not all on one day"
    assert all(question["asked_at"] <= NOW for question in asked)
    people = await rows(services, tables.people)
    assert len(people) == len(demo.STORIES) + len(cases.EXAMPLES) + len(announcements.SUBSCRIBERS)
    assert all("(mẫu)" in person["address"] for person in people)


async def test_there_is_a_case_in_every_state(services: Services) -> None:
    await demo.fill(services)
    kept = await rows(services, case_tables.cases)
    assert {case["state"] for case in kept} == set(State)
    is_open = [case for case in kept if case["state"] in OPEN]
    assert any(case["due_at"] < NOW for case in is_open)
    assert any(case["due_at"] > NOW for case in is_open)
    assert any(case["confidential"] for case in kept)
    assert sum(case["published_at"] is not None for case in kept) == 2
    assert len(await rows(services, case_tables.case_ratings)) == len(sipas.FACTORS)
    assert all("(mẫu)" in case["reporter_name"] for case in kept if case["reporter_name"])
    assert not any(case["reporter_phone"] for case in kept)
    assert all(event["at"] <= NOW for event in await rows(services, case_tables.case_events))


async def test_the_officials_of_the_example_can_sign_in_and_are_marked(services: Services) -> None:
    await demo.fill(services)
    found = await rows(services, official_tables.officials)
    assert {role for official in found for role in official["roles"].split()} == set(Role)
    assert all("(mẫu)" in official["full_name"] for official in found)
    assert all([await Passwords().matches(officials.PASSWORD, official["password_hash"]) for official in found[:1]])
    check(officials.PASSWORD, "mau-quan-tri")


async def test_announcements_rest_in_every_state(services: Services) -> None:
    await demo.fill(services)
    kept = await rows(services, broadcast_tables.announcements)
    assert {one["state"] for one in kept} == {"draft", "approved", "scheduled", "paused", "cancelled"}
    assert all("(mẫu)" in one["title"] for one in kept)
    assert len([one for one in kept if one["state"] == "scheduled" and one["due_at"] <= NOW]) == 1, "sent at the start"
    assert {row["stopped_at"] is None for row in await rows(services, broadcast_tables.subscribers)} == {True, False}


async def test_every_button_of_the_stories_is_there(services: Services) -> None:
    """What a story presses and is not offered is left out in silence, so that a new answer breaks no example."""
    await demo.fill(services)
    pressed = [turn for story in demo.STORIES for turn in story.turns if turn in ("[Đúng]", "[Chưa đúng]")]
    rated = [question for question in await rows(services, tables.questions) if question["useful"] is not None]
    assert len(rated) == len(pressed)


async def test_an_example_that_was_filled_is_left_as_it_is(services: Services) -> None:
    await demo.fill(services)
    async with services.database.transaction() as transaction:
        before = await inspection.rows(transaction)
    await demo.fill(services)
    async with services.database.transaction() as transaction:
        assert await inspection.rows(transaction) == before


def test_nothing_real_is_touched() -> None:
    real = {
        "MOTCUA_DATABASE__URL": "postgresql+psycopg://an@may/motcua",
        "MOTCUA_TELEGRAM__TOKEN": "1:a",
        "MOTCUA_TELEGRAM__MODE": "webhook",
        "MOTCUA_ZALO_BOT__TOKEN": "2:b",
        "MOTCUA_BACKUP__FOLDER": "/o-ngoai/sao-luu",
        "MOTCUA_WEB__PORT": "8080",
        "MOTCUA_UNIT__NAME": "xã Tiên Hoa",
    }
    settings = config.load(demo.environment(real, 8099))
    assert settings.database.url == "sqlite:///data-demo/motcua.db"
    assert (settings.telegram.token, settings.backup.folder) == ("", "")
    assert (settings.web.port, settings.web.demo) == (8099, True)
    assert settings.unit.name == "xã Tiên Hoa"


@pytest.mark.parametrize("is_demo", [True, False])
async def test_every_page_of_an_example_says_so(services: Services, is_demo: bool) -> None:
    web = replace(services.config.web, demo=is_demo)
    marked = replace(services, config=replace(services.config, web=web))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(marked)), base_url=SITE) as lan:
        for path in ("/", "/?nhung=1", "/khong-co"):
            assert ("DỮ LIỆU MẪU" in (await lan.get(path)).text) is is_demo, path
