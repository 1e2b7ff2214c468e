"""Signing in as an official and as somebody who guesses, on both databases."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from bot.officials import accounts, second_factor, signing_in, tokens
from bot.officials.auditing import Action
from bot.officials.passwords import Passwords
from bot.officials.rights import Official, Role
from bot.officials.signing_in import Door
from bot.storage import audit, officials, sessions
from bot.storage.audit import Entry, Filter
from bot.storage.database import Database
from tests.officials.conftest import PASSWORD, Clock, Hire

DEVICE = "Chrome trên Windows"


async def enter(door: Door, name: str = "lan", password: str = PASSWORD) -> signing_in.Entered | None:
    return await door.enter(name, password, device=DEVICE)


async def turn_on(database: Database, official: Official, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """Give an official a second factor; return their app and the recovery codes."""
    secret = second_factor.new_secret()
    app = pyotp.TOTP(secret)
    async with database.transaction() as transaction:
        codes = await second_factor.turn_on(transaction, official, secret, app.at(clock()), now=clock())
    clock.forward(seconds=90)
    return app, codes


async def audited(database: Database, action: Action) -> list[Entry]:
    async with database.transaction() as transaction:
        return await audit.entries(transaction, Filter(action=action), limit=100)


async def test_a_password_opens_a_session_that_only_its_token_finds(door: Door, hire: Hire) -> None:
    lan = await hire("lan", Role.INTAKE, unit="Văn phòng")
    entered = await enter(door, " LAN ")
    assert entered
    assert not entered.needs_code
    known = await door.recognise(entered.token)
    assert known
    assert known.official == lan
    assert known.session.device == DEVICE
    assert await door.recognise(tokens.digest(entered.token)) is None, "what the database holds opens nothing"
    assert await door.recognise("") is None


async def test_signing_out_ends_it_for_a_stolen_cookie_too(door: Door, hire: Hire) -> None:
    lan = await hire("lan")
    entered = await enter(door)
    assert entered
    await door.leave(entered.token, lan)
    assert await door.recognise(entered.token) is None


async def test_signing_in_again_ends_the_session_it_replaces(door: Door, hire: Hire) -> None:
    await hire("lan")
    first = await enter(door)
    assert first
    second = await door.enter("lan", PASSWORD, device=DEVICE, leaving=first.token)
    assert second
    assert second.token != first.token
    assert await door.recognise(first.token) is None
    assert await door.recognise(second.token)


async def test_a_session_ends_when_unused_and_at_the_end_of_the_day(door: Door, hire: Hire, clock: Clock) -> None:
    await hire("lan")
    entered = await enter(door)
    assert entered
    for _ in range(11):
        clock.forward(hours=1)
        assert await door.recognise(entered.token), "in use all day"
    clock.forward(hours=1)
    assert await door.recognise(entered.token) is None
    again = await enter(door)
    assert again
    clock.forward(seconds=signing_in.IDLE.total_seconds() - 1)
    assert await door.recognise(again.token)
    clock.forward(seconds=signing_in.IDLE.total_seconds())
    assert await door.recognise(again.token) is None


async def test_old_sessions_are_forgotten(door: Door, database: Database, hire: Hire, clock: Clock) -> None:
    lan = await hire("lan")
    await enter(door)
    clock.forward(hours=1)
    await enter(door)
    clock.forward(hours=1, minutes=1)
    async with database.transaction() as transaction:
        assert await signing_in.forget_old(transaction, now=clock()) == 1
        assert len(await sessions.of(transaction, lan.id)) == 1


async def test_a_shut_account_is_out_at_once_and_stays_out(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    await hire("truong", Role.ADMIN)
    await hire("lan")
    entered = await enter(door)
    assert entered
    async with database.transaction() as transaction:
        account = await accounts.find(transaction, "lan")
        await accounts.disable(transaction, account, by=None, now=clock())
    assert await door.recognise(entered.token) is None
    assert await enter(door) is None
    async with database.transaction() as transaction:
        await accounts.enable(transaction, account, by=None, now=clock())
    assert await door.recognise(entered.token) is None
    assert await enter(door)


async def fail(door: Door, times: int) -> None:
    for _ in range(times):
        assert await enter(door, password="đoán mò") is None


async def test_guessing_locks_for_longer_and_longer(door: Door, hire: Hire, clock: Clock) -> None:
    await hire("lan")
    await fail(door, signing_in.FREE_ATTEMPTS)
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        clock.forward(minutes=minutes, seconds=-1)
        assert await enter(door) is None, "the right password is not heard while locked"
        clock.forward(seconds=1)
        await fail(door, 1)
    clock.forward(hours=1)
    assert await enter(door)
    await fail(door, signing_in.FREE_ATTEMPTS - 1)
    assert await enter(door), "a success forgets the failures before it"


async def test_guessing_at_once_is_no_faster_than_one_by_one(door: Door, hire: Hire, database: Database) -> None:
    await hire("lan")
    guesses = await asyncio.gather(*(enter(door, password=f"đoán {n}") for n in range(12)))
    assert guesses == [None] * 12
    async with database.transaction() as transaction:
        assert (await accounts.find(transaction, "lan")).failed_logins == signing_in.FREE_ATTEMPTS


class Counting(Passwords):
    """Passwords that note how often they were compared with what."""

    def __init__(self) -> None:
        super().__init__()
        self.compared: list[bool] = []

    def _verify(self, known: str, password: str) -> bool:
        self.compared.append(known == self._decoy)
        return super()._verify(known, password)


async def test_every_refusal_is_the_same_work_and_the_same_answer(database: Database, hire: Hire, clock: Clock) -> None:
    await hire("lan")
    await hire("moi", password=None)
    counting = Counting()
    door = Door(database, counting, now=clock)
    for name in ("lan", "khong-co-ai", "moi", "' or 1=1 --"):
        counting.compared.clear()
        assert await enter(door, name, "không phải") is None
        assert len(counting.compared) == 1, "one hash is computed, whoever it is"
    assert await enter(door, "moi", "") is None, "no password is not an empty password"
    assert {entry.subject for entry in await audited(database, Action.SIGN_IN_FAILED)} == {"lan", ""}


async def test_the_code_is_asked_for_and_a_password_alone_opens_nothing(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    lan = await hire("lan", Role.ADMIN)
    app, _ = await turn_on(database, lan, clock)
    half = await enter(door)
    assert half
    assert half.needs_code
    assert await door.recognise(half.token) is None
    assert await door.is_waiting_for_code(half.token)
    whole = await door.give_code(half.token, f"{app.at(clock())[:3]} {app.at(clock())[3:]}")
    assert whole
    assert whole.token != half.token
    known = await door.recognise(whole.token)
    assert known
    assert known.has_second_factor
    assert not await door.is_waiting_for_code(half.token)
    assert await door.give_code(half.token, app.at(clock())) is None


async def test_a_code_is_taken_once_and_none_older_after_it(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    app, _ = await turn_on(database, await hire("lan"), clock)
    code, older = app.at(clock()), app.at(clock() - timedelta(seconds=30))
    for given, good in ((code, True), (code, False), (older, False)):
        half = await enter(door)
        assert half
        assert (await door.give_code(half.token, given) is not None) is good


async def test_the_code_that_turned_it_on_does_not_sign_in(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    app, _ = await turn_on(database, await hire("lan"), clock)
    clock.forward(seconds=-90)
    half = await enter(door)
    assert half
    assert await door.give_code(half.token, app.at(clock())) is None


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "một hai ba", "9" * 500, "\x00"])
async def test_nonsense_is_no_code(door: Door, database: Database, hire: Hire, clock: Clock, code: str) -> None:
    await turn_on(database, await hire("lan"), clock)
    half = await enter(door)
    assert half
    assert await door.give_code(half.token, code) is None


async def test_the_password_does_not_wipe_out_wrong_codes(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    """Whoever has the password must not guess codes for ever by giving the password in between."""
    app, _ = await turn_on(database, await hire("lan"), clock)
    for _ in range(signing_in.FREE_ATTEMPTS):
        half = await enter(door)
        assert half
        assert await door.give_code(half.token, "sai mã") is None
    assert half
    assert await enter(door) is None, "locked"
    assert await door.give_code(half.token, app.at(clock())) is None


async def test_the_half_open_door_closes_after_ten_minutes(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    app, _ = await turn_on(database, await hire("lan"), clock)
    half = await enter(door)
    assert half
    clock.forward(minutes=10)
    assert await door.give_code(half.token, app.at(clock())) is None


async def test_a_recovery_code_helps_once_however_it_is_typed(
    door: Door, database: Database, hire: Hire, clock: Clock
) -> None:
    _, codes = await turn_on(database, await hire("lan"), clock)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    for typed, good in ((codes[0].upper().replace("-", " "), True), (codes[0], False), (codes[1], True)):
        half = await enter(door)
        assert half
        assert (await door.give_code(half.token, typed) is not None) is good
    assert [entry.details for entry in await audited(database, Action.RECOVERY_USED)] == [{"left": 8}, {"left": 9}]
    async with database.transaction() as transaction:
        account = await accounts.find(transaction, "lan")
    assert not set(codes) & set(account.recovery_codes), "only their hashes are kept"


async def test_wrong_own_passwords_lock_like_guesses_at_the_door(door: Door, hire: Hire, clock: Clock) -> None:
    lan = await hire("lan")
    assert await door.confirm(lan, PASSWORD)
    for _ in range(signing_in.FREE_ATTEMPTS):
        assert not await door.confirm(lan, "không phải")
    assert not await door.confirm(lan, PASSWORD)
    clock.forward(minutes=1)
    assert await door.confirm(lan, PASSWORD)


async def test_a_password_changed_while_the_old_one_is_compared_lets_nobody_in(
    door: Door, database: Database, hire: Hire, passwords: Passwords, clock: Clock
) -> None:
    lan = await hire("lan")
    account = await door._attempt("lan")
    changed = await passwords.hash("mot mat khau khac han nhau")
    async with database.transaction() as transaction:
        await officials.change_password(transaction, lan.id, changed)
        assert await door._settle(transaction, account, fits=True) is None


async def test_secrets_are_not_printed(door: Door, database: Database, hire: Hire, clock: Clock) -> None:
    lan = await hire("lan")
    await turn_on(database, lan, clock)
    async with database.transaction() as transaction:
        account = await accounts.find(transaction, "lan")
    for secret in (account.password_hash, account.totp_secret, *account.recovery_codes):
        assert secret
        assert secret not in repr(account)
