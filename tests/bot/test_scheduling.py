"""What happens by itself: old data is forgotten at night, in Viet Nam's time."""

from datetime import timedelta

from bot import scheduling
from bot.config import Privacy
from bot.storage import people, questions, web_messages
from bot.storage.database import Database
from tests.conftest import NOW


async def test_what_was_kept_long_enough_is_forgotten(database: Database) -> None:
    long_ago = NOW - timedelta(days=400)
    async with database.transaction() as transaction:
        lan = await people.recognise(transaction, "web", "lan", now=long_ago)
        asked = questions.Asked(lan, "web", "khai sinh", "answered", 0.9)
        await questions.record(transaction, asked, now=long_ago)
        await questions.record(transaction, asked, now=NOW)
        await web_messages.add(transaction, lan, "{}", from_citizen=True, now=NOW - timedelta(days=31))
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
