"""What happens by itself: old data is forgotten at night, in Viet Nam's time."""

from datetime import timedelta

import pytest

from bot import assembly, quiet, scheduling
from bot.cases import drafts, reminding
from bot.cases.desk import Desk
from bot.cases.drafts import Draft
from bot.cases.warning import Group
from bot.settings import Config, Privacy
from bot.storage import notices, people, questions, web_messages
from bot.storage.database import Database
from bot.texts import Texts
from knowledge.answering import Assistant
from tests.conftest import NOW


async def test_what_was_kept_long_enough_is_forgotten(database: Database) -> None:
    long_ago = NOW - timedelta(days=400)
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=long_ago)
        asked = questions.Asked(lan, "web", "khai sinh", "answered", 0.9)
        await questions.record(transaction, asked, now=long_ago)
        await questions.record(transaction, asked, now=NOW)
        await web_messages.add(transaction, lan, (), said="{}", now=NOW - timedelta(days=31))
    gone = await scheduling.forget_old(database, Privacy(), now=lambda: NOW)
    assert {name: count for name, count in gone.items() if count} == {"web_messages": 1, "questions": 1, "people": 1}


async def test_a_database_that_is_away_is_no_crash() -> None:
    away = Database.open("postgresql+psycopg://an@127.0.0.1:1/motcua")
    assert await scheduling.forget_old(away, Privacy(), now=lambda: NOW) == {}
    await away.close()


async def test_the_night_is_viet_nams_and_lateness_is_forgiven(database: Database) -> None:
    jobs = scheduling.scheduler(database, Privacy(), now=lambda: NOW)
    (job,) = jobs.get_jobs()
    due = job.trigger.get_next_fire_time(None, NOW)
    assert (due.hour, due.utcoffset()) == (2, timedelta(hours=7))
    jobs.start(paused=True)
    assert jobs.get_job(job.id).misfire_grace_time == scheduling.LATE_SECONDS
    jobs.shutdown(wait=False)


@pytest.fixture
def desk(settings: Config, assistant: Assistant) -> Desk:
    return assembly.desk(settings, Texts.load(settings.unit, settings.files), assistant)


async def test_the_group_is_told_only_where_there_is_one(database: Database, desk: Desk) -> None:
    with_group = scheduling.scheduler(database, Privacy(), now=lambda: NOW)
    scheduling.add_cases(with_group, database, desk, Group("telegram", "-1"), now=lambda: NOW)
    without = scheduling.scheduler(database, Privacy(), now=lambda: NOW)
    scheduling.add_cases(without, database, desk, None, now=lambda: NOW)
    assert {job.id for job in with_group.get_jobs()} - {job.id for job in without.get_jobs()} == {"warn"}
    assert {"remind-of-drafts", "close-settled"} <= {job.id for job in without.get_jobs()}


async def test_every_job_about_cases_runs_as_it_is_scheduled(database: Database, desk: Desk) -> None:
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        await drafts.begin(transaction, lan, Draft(text="đèn hỏng"), now=NOW - reminding.LEFT_ALONE * 2)
    jobs = scheduling.scheduler(database, Privacy(), now=lambda: NOW)
    scheduling.add_cases(jobs, database, desk, Group("telegram", "-1"), now=lambda: NOW)
    for job in jobs.get_jobs():
        await job.func(*job.args, **job.kwargs)
    async with database.transaction() as transaction:
        (waiting,) = await notices.take(transaction, now=NOW, until=NOW + timedelta(minutes=5))
    assert (waiting.address, "đèn hỏng" in waiting.body) == ("lan", True)


@pytest.mark.parametrize(("hour", "minute"), [(21, 0), (23, 59), (3, 0), (6, 29)])
async def test_nobody_is_reminded_of_a_draft_at_night(database: Database, desk: Desk, hour: int, minute: int) -> None:
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=NOW)
        await drafts.begin(transaction, lan, Draft(text="đèn hỏng"), now=NOW - reminding.LEFT_ALONE * 2)
    night = NOW.replace(hour=hour, minute=minute)
    morning = quiet.opening(night)
    assert await reminding.remind_of_drafts(database, desk.texts, now=night) == 0
    assert await reminding.remind_of_drafts(database, desk.texts, now=morning - timedelta(seconds=1)) == 0
    assert await reminding.remind_of_drafts(database, desk.texts, now=morning + timedelta(days=1)) == 1, "not forgotten"


async def test_jobs_outlast_a_database_that_is_away(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    away = Database.open("postgresql+psycopg://an@127.0.0.1:1/motcua")
    await scheduling.remind_of_drafts(away, desk, now=lambda: NOW)
    await scheduling.close_settled(away, desk, now=lambda: NOW)
    await scheduling.warn(away, desk, Group("telegram", "-1"), now=lambda: NOW)
    await away.close()
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 3
