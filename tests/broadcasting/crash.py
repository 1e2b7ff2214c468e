"""Real processes that send and are killed at random moments, against a Telegram in which much goes wrong."""

import asyncio
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.storage import recipients
from bot.storage.announcements import State
from bot.storage.database import Database
from bot.storage.recipients import Standing
from tests.broadcasting.shared import Commune
from tests.doubles import FakeTelegram, Person

ROOT = Path(__file__).parents[2]
BLOCKED, SERVER_ERRORS, DROPPED = 0.05, 0.02, 0.01
SECONDS = 240.0  # until a run is given up


@dataclass(frozen=True)
class Story:
    """How it ended: for each person, the outcome that was stored and how often the message arrived."""

    ended: list[tuple[Standing, int]]
    kills: int
    dropped: int

    @property
    def outcomes(self) -> Counter[Standing]:
        return Counter(standing for standing, _ in self.ended)

    def faults(self, in_flight: int) -> list[str]:
        """Return what is wrong with it, `in_flight` being the most that a kill may catch on its way."""
        possible = {
            Standing.DELIVERED: {1},
            Standing.GONE: {0},
            Standing.FAILED: {0},
            Standing.UNCERTAIN: {0, 1},
        }
        wrong = [
            f"{standing}: {times} times" for standing, times in self.ended if times not in possible.get(standing, ())
        ]
        uncertain = self.outcomes[Standing.UNCERTAIN]
        if uncertain > self.kills * in_flight + self.dropped:
            wrong.append(f"{uncertain} uncertain")
        return wrong


async def run(url: str, folder: Path, *, people: int, kills: int, senders: int = 1, seed: int = 1) -> Story:
    """Announce to so many people while the senders are killed `kills` times; return how it ended."""
    chance = random.Random(seed)
    async with FakeTelegram() as telegram:
        citizens = [telegram.person(f"người {number}") for number in range(people)]
        dropped = _disturb(telegram, citizens, chance)
        commune = Commune(Database.open(url), folder)
        await commune.subscribe([str(citizen.id) for citizen in citizens])
        number = await commune.announce()
        command = (url, telegram.url, str(folder / "dau"), str(time.time()))
        processes = [await _start(command) for _ in range(senders)]
        try:
            async with asyncio.timeout(SECONDS):
                moments = sorted(chance.sample(range(1, int(0.9 * people)), kills))
                for kill, calls in enumerate(moments):
                    await telegram.until(partial(_called, telegram, calls), SECONDS)
                    which = kill % senders
                    processes[which].kill()
                    await processes[which].wait()
                    processes[which] = await _start(command)
                while not await commune.is_in(number, State.FINISHED):  # noqa: ASYNC110
                    await asyncio.sleep(0.3)
        finally:
            for process in processes:
                process.kill()
                await process.wait()
        ended = await _ended(commune, number, citizens)
        await commune.counts(number)
        await commune.database.close()
    return Story(ended, kills, dropped)


def _disturb(telegram: FakeTelegram, citizens: list[Person], chance: random.Random) -> int:
    """Let things go wrong for some; return for how many the line breaks, half of them after the message arrived."""
    dropped = 0
    for citizen in citizens:
        dice = chance.random()
        if dice < BLOCKED:
            citizen.block(unnoticed=True)
        elif dice < BLOCKED + SERVER_ERRORS:
            telegram.fail("sendMessage", 502, "Bad Gateway", chat=citizen.id)
        elif dice < BLOCKED + SERVER_ERRORS + DROPPED:
            dropped += 1
            if dropped % 2:
                telegram.fail("sendMessage", 0, "", chat=citizen.id)
            else:
                telegram.lose_answer("sendMessage", chat=citizen.id)
    return dropped


async def _start(command: tuple[str, ...]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.broadcasting.sender", *command, cwd=ROOT)


def _called(telegram: FakeTelegram, calls: int) -> bool:
    return len(telegram.calls) >= calls


async def _ended(commune: Commune, number: int, citizens: list[Person]) -> list[tuple[Standing, int]]:
    seen = {str(citizen.id): len(citizen.seen) for citizen in citizens}
    async with commune.database.transaction() as transaction:
        lines = [line for _, line in await recipients.lines(transaction, number, limit=len(citizens) + 1)]
    assert sorted(line.address for line in lines) == sorted(seen), "nobody is missed, and nobody is in it twice"
    return [(line.standing, seen[line.address]) for line in lines]
