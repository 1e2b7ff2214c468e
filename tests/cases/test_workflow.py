"""The table of moves: who may what, what is missing, where walks can lead."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.model import FINISHED, OPEN, CaseType, Result, State
from bot.cases.moves import CLOCKS, MOST_OBJECTIONS, OBJECTION_TIME, TABLE, Clock, Move, Name, Need, Party, Way
from bot.cases.workflow import Given, MoveRefused, Situation, allowed, apply, pauses, words
from bot.officials.rights import Official, Role
from tests.conftest import NOW

MINH = Official(1, "minh", "Trần Văn Minh", frozenset({Role.INTAKE}))
LAN = Official(2, "lan", "Nguyễn Thị Lan", frozenset({Role.HANDLER}), "Địa chính")
HOA = Official(3, "hoa", "Phạm Thị Hoa", frozenset({Role.LEADER}))
TU = Official(4, "tu", "Lê Văn Tú", frozenset({Role.EDITOR, Role.ADMIN}))
ACTORS: Sequence[Official | Party] = (MINH, LAN, HOA, TU, *Party)
NEVER_OF_COMPLAINTS = {State.ACCEPTED, State.IN_PROGRESS, State.TRANSFERRED}
ALL_GIVEN = Given("vì", "Xã trả lời ông/bà", Result.DONE, "Điện lực", "12/CV-UBND", "anh-sau.jpg", "Địa chính", "PA")


def names(moves: Sequence[Move]) -> list[str]:
    return [move.name for move in moves]


def refusal(case: Situation, name: Name, actor: Official | Party, given: Given = ALL_GIVEN) -> str:
    with pytest.raises(MoveRefused) as refused:
        apply(case, name, actor, given, now=NOW)
    return str(refused.value)


def test_a_report_goes_its_way() -> None:
    case = Situation(CaseType.FEEDBACK, unit="Địa chính")
    case = apply(case, Name.ACCEPT, MINH, Given(), now=NOW)
    case = apply(case, Name.ASSIGN, MINH, Given(assignee="Địa chính"), now=NOW)
    case = apply(case, Name.ASK, LAN, Given(text="Đoạn đường nào ạ?"), now=NOW)
    assert (case.state, CLOCKS[case.state]) == (State.NEEDS_MORE, Clock.PAUSES)
    case = apply(case, Name.REPLY, Party.CITIZEN, Given(), now=NOW)
    assert case.state is State.IN_PROGRESS
    case = apply(case, Name.ANSWER, LAN, Given(text="Đã vá", result=Result.DONE, evidence="anh.jpg"), now=NOW)
    assert case.answered_at == NOW
    case = apply(case, Name.OBJECT, Party.CITIZEN, Given(reason="Vẫn còn ổ gà"), now=NOW + timedelta(days=3))
    assert (case.state, case.objections) == (State.REOPENED, 1)
    assert "phân quyền" in refusal(case, Name.ANSWER, LAN)
    case = apply(case, Name.ANSWER, HOA, ALL_GIVEN, now=NOW + timedelta(days=5))
    assert apply(case, Name.CLOSE, Party.CITIZEN, Given(), now=NOW + timedelta(days=5)).state is State.CLOSED


@pytest.mark.parametrize("asked_from", [State.NEW, State.ACCEPTED, State.IN_PROGRESS, State.REOPENED])
def test_an_answered_question_leads_back_to_where_it_was_asked(asked_from: State) -> None:
    asked = apply(Situation(CaseType.FEEDBACK, asked_from), Name.ASK, MINH, ALL_GIVEN, now=NOW)
    for name, actor in ((Name.REPLY, Party.CITIZEN), (Name.RESUME, Party.SYSTEM), (Name.RESUME, MINH)):
        assert apply(asked, name, actor, Given(), now=NOW).state is asked_from


@pytest.mark.parametrize(
    ("name", "state", "given", "missing"),
    [
        (Name.ASSIGN, State.ACCEPTED, Given(), "người hoặc bộ phận xử lý"),
        (Name.ASK, State.NEW, Given(text=" "), "lời nhắn cho người dân"),
        (Name.TRANSFER, State.NEW, Given(text="Đã chuyển"), "cơ quan nhận, số văn bản chuyển"),
        (Name.REFUSE, State.NEW, Given(), "lý do, lời nhắn cho người dân"),
        (Name.ANSWER, State.IN_PROGRESS, Given(), "lời nhắn cho người dân, kết quả"),
        (Name.ANSWER, State.IN_PROGRESS, Given(text="Xong", result=Result.DONE), "ảnh hoặc số văn bản"),
        (Name.ANSWER, State.IN_PROGRESS, Given(text="Chưa", result=Result.NOT_DONE), "lý do"),
        (Name.ANSWER, State.IN_PROGRESS, Given(text="Một phần", result=Result.PARTLY), "lý do"),
        (Name.ANSWER, State.REOPENED, Given(text="Khác", result=Result.NOT_OURS), "lý do"),
        (Name.MERGE, State.NEW, Given(), "mã của việc được gộp vào"),
        (Name.CLOSE, State.TRANSFERRED, Given(), "lời nhắn cho người dân"),
        (Name.REOPEN, State.CLOSED, Given(), "lý do"),
    ],
)
def test_what_is_missing_is_told(name: Name, state: State, given: Given, missing: str) -> None:
    told = refusal(Situation(CaseType.FEEDBACK, state), name, HOA, given)
    assert told.startswith(f"Chưa thể “{words()['moves'][name]}”: còn thiếu ")
    assert missing in told


def test_only_a_report_must_show_that_it_is_done() -> None:
    answer = Given(text="Nộp tại bộ phận một cửa", result=Result.DONE)
    assert apply(Situation(CaseType.QUESTION, State.ACCEPTED), Name.ANSWER, MINH, answer, now=NOW)


@pytest.mark.parametrize(
    ("actor", "state", "expected"),
    [
        (TU, State.NEW, []),
        (Party.SYSTEM, State.NEW, []),
        (Party.CITIZEN, State.NEW, ["bo_sung", "rut"]),
        (LAN, State.NEW, []),
        (MINH, State.NEW, ["tiep_nhan", "hoi_them", "chuyen", "tu_choi", "gop"]),
        (LAN, State.ACCEPTED, ["bat_dau", "hoi_them", "tra_loi"]),
        (LAN, State.REOPENED, ["hoi_them"]),
        (Party.CITIZEN, State.NEEDS_MORE, ["dan_tra_loi", "rut"]),
        (MINH, State.TRANSFERRED, ["tra_lai", "tra_loi", "dong"]),
        (Party.SYSTEM, State.ANSWERED, []),
        (Party.CITIZEN, State.ANSWERED, ["dong", "chua_xong"]),
        (HOA, State.CLOSED, ["mo_lai"]),
    ],
)
def test_who_may_do_what(actor: Official | Party, state: State, expected: list[str]) -> None:
    case = Situation(CaseType.FEEDBACK, state, unit="Địa chính", answered_at=NOW)
    assert names(allowed(case, actor, now=NOW)) == expected


def test_a_handler_moves_only_the_cases_of_their_unit() -> None:
    theirs, other = (Situation(CaseType.FEEDBACK, State.ACCEPTED, unit=unit) for unit in ("Địa chính", "Tư pháp"))
    assert allowed(theirs, LAN, now=NOW)
    assert allowed(other, LAN, now=NOW) == ()
    assert refusal(other, Name.START, LAN) == "Việc này do bộ phận khác phụ trách."
    assert allowed(other, MINH, now=NOW)


@pytest.mark.parametrize("state", State)
def test_a_denunciation_is_moved_only_by_who_may_read_it(state: State) -> None:
    case = Situation(CaseType.DENUNCIATION, state, unit="Địa chính", answered_at=NOW)
    assert [actor for actor in (MINH, LAN, TU) if allowed(case, actor, now=NOW)] == []
    assert allowed(case, HOA, now=NOW)
    assert not {Name.MERGE, Name.WITHDRAW} & {move.name for actor in ACTORS for move in allowed(case, actor, now=NOW)}


def test_who_may_not_read_a_denunciation_is_told_that_it_is_confidential() -> None:
    assert "giữ kín" in refusal(Situation(CaseType.DENUNCIATION), Name.ACCEPT, MINH)
    assert "Luật Tố cáo" in refusal(Situation(CaseType.DENUNCIATION), Name.MERGE, HOA)


def test_a_complaint_is_never_accepted_or_passed_on() -> None:
    case = Situation(CaseType.COMPLAINT)
    assert "đơn khiếu nại có chữ ký" in refusal(case, Name.ACCEPT, HOA)
    assert names(allowed(case, HOA, now=NOW)) == ["hoi_them", "tu_choi", "gop"]


def test_objecting_ends_after_two_times_and_after_thirty_days() -> None:
    case = Situation(CaseType.FEEDBACK, State.CLOSED, answered_at=NOW - OBJECTION_TIME)
    assert apply(case, Name.OBJECT, Party.CITIZEN, Given(), now=NOW).objections == 1
    with pytest.raises(MoveRefused, match="Đã quá 30 ngày"):
        apply(case, Name.OBJECT, Party.CITIZEN, Given(), now=NOW + timedelta(seconds=1))
    twice = Situation(CaseType.FEEDBACK, State.ANSWERED, answered_at=NOW, objections=MOST_OBJECTIONS)
    assert "xem lại 2 lần" in refusal(twice, Name.OBJECT, Party.CITIZEN)
    assert "chưa có câu trả lời" in refusal(Situation(CaseType.FEEDBACK, State.CLOSED), Name.OBJECT, Party.CITIZEN)


def test_the_system_closes_only_when_nobody_can_object_any_more() -> None:
    case = Situation(CaseType.FEEDBACK, State.ANSWERED, answered_at=NOW)
    assert "báo chưa xong" in refusal(case, Name.CLOSE, Party.SYSTEM)
    later = NOW + OBJECTION_TIME + timedelta(seconds=1)
    assert apply(case, Name.CLOSE, Party.SYSTEM, Given(), now=later).state is State.CLOSED


def test_a_move_from_a_wrong_state_is_told() -> None:
    assert refusal(Situation(CaseType.FEEDBACK), Name.ANSWER, HOA) == "Chưa thể “Trả lời”: việc này mới gửi."


def test_standing_still_is_told_from_the_history() -> None:
    days = [NOW + timedelta(days=n) for n in range(7)]
    states = [State.NEW, State.NEEDS_MORE, State.NEW, State.TRANSFERRED, State.ACCEPTED, State.ANSWERED]
    history = list(zip(days[:6], states, strict=True))
    assert pauses(history, days[6]) == [(days[1], days[2]), (days[3], days[4])]
    assert pauses(history[:2], days[6]) == [(days[1], days[6])]
    assert pauses([], NOW) == []


# The table as a whole


def test_each_move_of_a_state_has_one_row() -> None:
    rows = [(move.name, state) for move in TABLE for state in move.sources]
    assert len(rows) == len(set(rows))


def test_every_name_state_need_and_row_has_its_words() -> None:
    assert set(words()["moves"]) == set(Name) == {move.name for move in TABLE}
    assert set(words()["states"]) == set(State) == set(CLOCKS)
    assert set(words()["needs"]) == set(Need)
    assert all(move.by for move in TABLE)


def test_the_clock_runs_exactly_in_open_states() -> None:
    assert {state for state, clock in CLOCKS.items() if clock is Clock.STOPS} == FINISHED
    assert {state for state, clock in CLOCKS.items() if clock is Clock.PAUSES} == {State.NEEDS_MORE}


def test_the_citizen_is_told_of_every_change_of_state_that_is_not_their_own() -> None:
    quiet = {move.name for move in TABLE if not move.tells}
    assert {move.name for move in TABLE if move.by == {Party.CITIZEN}} | {Name.REASSIGN} == quiet


def test_a_case_is_finished_only_with_words_for_the_citizen_or_by_their_own_wish() -> None:
    finishing = [m for m in TABLE if m.to in FINISHED and not m.sources <= FINISHED]
    assert {m.name for m in finishing if Need.TEXT not in m.needs} == {Name.MERGE, Name.WITHDRAW}


@pytest.mark.parametrize("kind", CaseType)
def test_every_state_reaches_the_end_and_is_reached(kind: CaseType) -> None:
    """What a type never enters (khiếu nại is not accepted) still has a way out."""
    for state in State:
        assert State.CLOSED in _reached(kind, state)
    entered = _reached(kind, State.NEW)
    assert entered == set(State) - (
        {State.ACCEPTED, State.IN_PROGRESS, State.TRANSFERRED} if kind == "khieu_nai" else set()
    )


def _reached(kind: CaseType, start: State) -> set[State]:
    reached, waiting = {start}, [start]
    while waiting:
        case = Situation(kind, waiting.pop(), answered_at=NOW)
        for actor in ACTORS:
            for move in allowed(case, actor, now=NOW):
                to = apply(case, move.name, actor, ALL_GIVEN, now=NOW).state
                if to not in reached:
                    reached.add(to)
                    waiting.append(to)
    return reached


STEPS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 20)), max_size=40)


def _possible(case: Situation, now: datetime) -> list[tuple[Official | Party, Move]]:
    return [(actor, move) for actor in ACTORS for move in allowed(case, actor, now=now)]


@given(st.sampled_from(CaseType), STEPS)
def test_no_walk_leaves_the_table(kind: CaseType, steps: list[tuple[int, int]]) -> None:
    case, now, objections = Situation(kind, unit="Địa chính"), NOW, 0
    for chosen, days in steps:
        now += timedelta(days=days)
        possible = _possible(case, now)
        actor, move = possible[chosen % len(possible)]
        before, case = case, apply(case, move.name, actor, ALL_GIVEN, now=now)
        objections += move.name is Name.OBJECT
        assert case.state is _expected(move, before)
        assert kind is not CaseType.DENUNCIATION or actor in (HOA, *Party)
        assert kind is not CaseType.COMPLAINT or case.state not in NEVER_OF_COMPLAINTS
        assert case.asked_from in OPEN - {State.NEEDS_MORE}
    assert case.objections == objections <= MOST_OBJECTIONS
    assert _possible(case, now)


@given(st.sampled_from(State), st.sampled_from(Name), st.sampled_from(ACTORS), st.sampled_from(CaseType))
def test_what_is_not_allowed_is_refused(state: State, name: Name, actor: Official | Party, kind: CaseType) -> None:
    case = Situation(kind, state, answered_at=NOW)
    if name in names(allowed(case, actor, now=NOW)):
        assert apply(case, name, actor, ALL_GIVEN, now=NOW).state in State
    else:
        assert refusal(case, name, actor).endswith(".")


def _expected(move: Move, before: Situation) -> State:
    if isinstance(move.to, Way):
        return before.asked_from if move.to is Way.BACK else before.state
    return move.to
