"""Accounts and one-time links: what changes, what is refused, and what is written down, on both databases."""

import re
from datetime import timedelta

import pytest

from bot.officials import accounts, invitations, tokens
from bot.officials.auditing import AT_THE_MACHINE, Action
from bot.officials.passwords import Passwords
from bot.officials.refused import Refused
from bot.officials.rights import Official, Role
from bot.officials.signing_in import Door
from bot.storage import audit, officials, sessions
from bot.storage import invitations as links
from bot.storage.audit import Filter
from bot.storage.database import Database
from tests.conftest import NOW
from tests.officials.conftest import PASSWORD, Clock, Hire

NEW = "nam cay cau truoc ngo"


async def test_what_is_typed_is_tidied_or_refused() -> None:
    tidy = accounts.profile("  Nguyễn   Thị Lan ", ["xu_ly", "tiep_nhan"], " Văn phòng ")
    assert (tidy.full_name, tidy.roles, tidy.unit) == ("Nguyễn Thị Lan", ("tiep_nhan", "xu_ly"), "Văn phòng")
    assert accounts.login_name(" Lan.NT ") == "lan.nt"


@pytest.mark.parametrize(
    ("full_name", "roles", "unit", "field"),
    [
        (" ", ["xu_ly"], "", "full_name"),
        ("L" * 81, ["xu_ly"], "", "full_name"),
        ("Lan\u202eadmin", ["xu_ly"], "", "full_name"),
        ("Lan", [], "", "roles"),
        ("Lan", ["vua"], "", "roles"),
        ("Lan", ["xu_ly"], "b" * 81, "unit"),
    ],
)
def test_a_wrong_profile_names_its_field(full_name: str, roles: list[str], unit: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        accounts.profile(full_name, roles, unit)
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["", "l", "lận", "1lan", "lan nguyen", "l" * 33, "<b>", "../lan"])
def test_a_wrong_login_name_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        accounts.login_name(name)


async def test_a_name_is_had_once(hire: Hire) -> None:
    await hire("lan")
    with pytest.raises(Refused, match="đã có người dùng"):
        await hire("lan")


async def test_a_change_says_what_was_and_what_is(database: Database, hire: Hire, clock: Clock) -> None:
    truong = await hire("truong", Role.ADMIN)
    await hire("lan", Role.HANDLER)
    async with database.transaction() as transaction:
        lan = await accounts.find(transaction, "lan")
        same = accounts.profile("Lan", [Role.HANDLER])
        await accounts.change(transaction, lan, same, by=truong, now=clock())
        wider = accounts.profile("Lan", [Role.HANDLER, Role.LEADER])
        await accounts.change(transaction, lan, wider, by=truong, now=clock())
        (entry,) = await audit.entries(transaction, Filter(action=Action.PROFILE_CHANGED), limit=9)
    assert (entry.name, entry.subject, entry.official, entry.at) == ("truong", "lan", truong.id, NOW)
    assert entry.details == {"roles": {"from": ["xu_ly"], "to": ["xu_ly", "lanh_dao"]}}


async def remove_admin(database: Database, name: str, clock: Clock, *, shut: bool) -> None:
    async with database.transaction() as transaction:
        account = await accounts.find(transaction, name)
        if shut:
            await accounts.disable(transaction, account, by=None, now=clock())
        else:
            await accounts.change(transaction, account, accounts.profile("X", [Role.LEADER]), by=None, now=clock())


@pytest.mark.parametrize("shut", [True, False])
async def test_one_administrator_is_left_always(database: Database, hire: Hire, clock: Clock, shut: bool) -> None:
    await hire("truong", Role.ADMIN)
    with pytest.raises(Refused, match="ít nhất một người quản trị"):
        await remove_admin(database, "truong", clock, shut=shut)
    async with database.transaction() as transaction:
        kept = await accounts.find(transaction, "truong")
        assert (kept.disabled_at, kept.roles) == (None, ("quan_tri",)), "nothing of it is kept"
    await hire("pho", Role.ADMIN)
    await remove_admin(database, "truong", clock, shut=shut)


async def test_a_new_password_ends_the_other_sessions(
    database: Database, hire: Hire, passwords: Passwords, door: Door, clock: Clock
) -> None:
    await hire("lan")
    here, elsewhere = [await door.enter("lan", PASSWORD, device="máy") for _ in range(2)]
    assert here
    assert elsewhere
    known = await door.recognise(here.token)
    assert known
    changed = await passwords.hash(NEW)
    async with database.transaction() as transaction:
        lan = await accounts.find(transaction, "lan")
        await accounts.set_password(transaction, lan, changed, by=known.official, now=clock(), but=known.session.id)
    assert await door.recognise(here.token)
    assert await door.recognise(elsewhere.token) is None
    assert await door.enter("lan", PASSWORD, device="máy") is None
    assert await door.enter("lan", NEW, device="máy")


async def test_ones_own_session_can_be_ended_and_nobody_elses(database: Database, hire: Hire, door: Door) -> None:
    lan, minh = await hire("lan"), await hire("minh")
    entered = await door.enter("lan", PASSWORD, device="máy")
    assert entered
    async with database.transaction() as transaction:
        (session,) = await sessions.of(transaction, lan.id)
        assert not await sessions.revoke(transaction, minh.id, session.id)
        assert await sessions.revoke(transaction, lan.id, session.id)
    assert await door.recognise(entered.token) is None


async def test_the_first_link_makes_the_first_account_and_nothing_after(
    database: Database, passwords: Passwords, door: Door, clock: Clock
) -> None:
    known = await passwords.hash(PASSWORD)
    async with database.transaction() as transaction:
        replaced = await invitations.first_administrator(transaction, now=clock())
        token = await invitations.first_administrator(transaction, now=clock())
        assert token
        assert replaced
        assert await invitations.open_link(transaction, replaced, now=clock()) is None, "each start replaces the link"
        await invitations.make_first(transaction, token, "truong", "Nguyễn Văn Trường", known, now=clock())
        assert await invitations.first_administrator(transaction, now=clock()) is None
        assert await invitations.open_link(transaction, token, now=clock()) is None
        (entry,) = await audit.entries(transaction, Filter(action=Action.CREATED), limit=9)
    assert (entry.name, entry.subject) == (AT_THE_MACHINE, "truong")
    entered = await door.enter("truong", PASSWORD, device="máy")
    assert entered
    signed_in = await door.recognise(entered.token)
    assert signed_in
    assert signed_in.official.roles == {Role.ADMIN, Role.INTAKE, Role.HANDLER}
    assert signed_in.should_have_second_factor


async def test_the_first_link_is_void_once_somebody_was_added_at_the_machine(
    database: Database, hire: Hire, clock: Clock
) -> None:
    async with database.transaction() as transaction:
        token = await invitations.first_administrator(transaction, now=clock())
        assert token
    await hire("truong", Role.ADMIN)
    with pytest.raises(Refused, match="không còn dùng được"):
        async with database.transaction() as transaction:
            await invitations.make_first(transaction, token, "ke.gian", "Kẻ Gian", "x", now=clock())


async def invited(database: Database, clock: Clock) -> str:
    async with database.transaction() as transaction:
        lan = await accounts.find(transaction, "lan")
        return await invitations.invite(transaction, lan, by=None, now=clock())


async def test_a_link_is_good_once_for_a_day_and_replaced_by_the_next(
    database: Database, hire: Hire, passwords: Passwords, door: Door, clock: Clock
) -> None:
    await hire("lan", password=None)
    known = await passwords.hash(NEW)
    first, token = await invited(database, clock), await invited(database, clock)
    async with database.transaction() as transaction:
        assert await invitations.open_link(transaction, first, now=clock()) is None
        almost = clock() + timedelta(hours=invitations.HOURS)
        assert await invitations.open_link(transaction, token, now=almost - timedelta(seconds=1))
        assert await invitations.open_link(transaction, token, now=almost) is None
        await invitations.choose_password(transaction, token, known, now=clock())
    assert await door.enter("lan", NEW, device="máy")
    with pytest.raises(Refused, match="không còn dùng được"):
        async with database.transaction() as transaction:
            await invitations.choose_password(transaction, token, known, now=clock())


async def test_a_link_for_a_password_makes_no_administrator(database: Database, hire: Hire, clock: Clock) -> None:
    await hire("lan", password=None)
    token = await invited(database, clock)
    with pytest.raises(Refused):
        async with database.transaction() as transaction:
            await invitations.make_first(transaction, token, "vua", "Vua", "x", now=clock())


async def test_shutting_an_account_makes_its_links_void(database: Database, hire: Hire, clock: Clock) -> None:
    await hire("truong", Role.ADMIN)
    await hire("lan", password=None)
    token = await invited(database, clock)
    await remove_admin(database, "lan", clock, shut=True)
    async with database.transaction() as transaction:
        assert await invitations.open_link(transaction, token, now=clock()) is None
    with pytest.raises(Refused, match="đang bị khóa"):
        await invited(database, clock)


async def telegram_code(database: Database, official: Official, clock: Clock) -> str:
    async with database.transaction() as transaction:
        return await invitations.telegram_code(transaction, official, now=clock())


async def test_a_telegram_account_is_linked_by_the_code_once(database: Database, hire: Hire, clock: Clock) -> None:
    lan, minh = await hire("lan"), await hire("minh")
    code = await telegram_code(database, lan, clock)
    assert re.fullmatch(r"\w{4}-\w{4}", code)
    async with database.transaction() as transaction:
        assert await invitations.open_link(transaction, code, now=clock()) is None, "it sets no password"
        assert await invitations.link_telegram(transaction, "sai-ma", "42", now=clock()) is None
        assert await invitations.link_telegram(transaction, f" {code.upper()} ", "42", now=clock()) == lan
        assert await invitations.link_telegram(transaction, code, "43", now=clock()) is None
        found = await officials.with_telegram(transaction, "42")
        assert found
        assert found.name == "lan"
    code = await telegram_code(database, minh, clock)
    async with database.transaction() as transaction:
        assert await invitations.link_telegram(transaction, code, "42", now=clock()) == minh
        assert (await accounts.find(transaction, "lan")).telegram is None, "a Telegram account is one official's"
    code = await telegram_code(database, minh, clock)
    clock.forward(minutes=invitations.CODE_MINUTES)
    async with database.transaction() as transaction:
        assert await invitations.link_telegram(transaction, code, "44", now=clock()) is None


async def test_old_links_are_forgotten(database: Database, hire: Hire, clock: Clock) -> None:
    await hire("lan", password=None)
    await invited(database, clock)
    async with database.transaction() as transaction:
        assert await links.purge(transaction, before=clock() + timedelta(hours=25)) == 1


def test_secrets_are_long_and_never_the_same() -> None:
    made = {tokens.new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in made)
    assert tokens.typed(" ABCD efgh") == "abcd-efgh"
