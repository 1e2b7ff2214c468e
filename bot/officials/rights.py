"""Who may do what. One table, read by the console, the command line and the staff group alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What an official is charged with; in a small commune one person wears several."""

    INTAKE = "tiep_nhan"
    HANDLER = "xu_ly"
    LEADER = "lanh_dao"
    EDITOR = "bien_tap"
    ADMIN = "quan_tri"


class Right(StrEnum):
    """One thing that can be done."""

    READ_CASES = "read_cases"  # those of one's own unit, unless READ_ALL_CASES
    READ_ALL_CASES = "read_all_cases"
    READ_CONFIDENTIAL = "read_confidential"  # tố cáo: Luật Tố cáo 2018 Điều 9, 47, 56
    RECEIVE_CASES = "receive_cases"  # accept, refuse, assign, merge, transfer, counter mode
    HANDLE_CASES = "handle_cases"  # work on, ask the citizen, answer, note
    CLOSE_CASES = "close_cases"
    PUBLISH_CASES = "publish_cases"  # onto the public pages, after the citizen agreed
    EXPORT_CASES = "export_cases"
    EDIT_TEMPLATES = "edit_templates"
    WRITE_ANNOUNCEMENTS = "write_announcements"
    APPROVE_ANNOUNCEMENTS = "approve_announcements"
    MANAGE_OFFICIALS = "manage_officials"
    READ_AUDIT = "read_audit"
    HANDLE_DATA_REQUESTS = "handle_data_requests"  # NĐ 356/2025/NĐ-CP Điều 5


_ALL_CASES = {Right.READ_CASES, Right.READ_ALL_CASES, Right.HANDLE_CASES, Right.CLOSE_CASES, Right.EXPORT_CASES}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.INTAKE: frozenset({*_ALL_CASES, Right.RECEIVE_CASES, Right.HANDLE_DATA_REQUESTS}),
    Role.HANDLER: frozenset({Right.READ_CASES, Right.HANDLE_CASES}),
    Role.LEADER: frozenset(
        {
            *_ALL_CASES,
            Right.READ_CONFIDENTIAL,
            Right.RECEIVE_CASES,
            Right.PUBLISH_CASES,
            Right.WRITE_ANNOUNCEMENTS,
            Right.APPROVE_ANNOUNCEMENTS,
            Right.READ_AUDIT,
            Right.HANDLE_DATA_REQUESTS,
        }
    ),
    Role.EDITOR: frozenset({Right.WRITE_ANNOUNCEMENTS, Right.EDIT_TEMPLATES}),
    Role.ADMIN: frozenset({Right.MANAGE_OFFICIALS, Right.READ_AUDIT, Right.EDIT_TEMPLATES}),
}


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who works at the commune. `unit` is the section that limits what a handler sees; "" limits nothing."""

    id: int
    name: str
    full_name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    unit: str = ""

    def may(self, right: Right) -> bool:
        return any(right in RIGHTS[role] for role in self.roles)
