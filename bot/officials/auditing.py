"""Writing down who did what, in the transaction that does it: kept together or not at all."""

from datetime import datetime
from enum import StrEnum

from bot.officials.rights import Official
from bot.storage import audit
from bot.storage.database import Transaction

AT_THE_MACHINE = "máy chủ"  # the command line, and what the program does by itself


class Action(StrEnum):
    """What can be done to accounts. Other rooms add actions of their own in the same way."""

    SIGNED_IN = "dang_nhap"
    SIGN_IN_FAILED = "dang_nhap_sai"
    SIGNED_OUT = "dang_xuat"
    SESSION_REVOKED = "thu_hoi_phien"
    CREATED = "tao_tai_khoan"
    PROFILE_CHANGED = "sua_tai_khoan"
    LINK_ISSUED = "cap_lien_ket"
    PASSWORD_SET = "dat_mat_khau"  # noqa: S105
    DISABLED = "khoa_tai_khoan"
    ENABLED = "mo_tai_khoan"
    SECOND_FACTOR_ON = "bat_hai_buoc"
    SECOND_FACTOR_OFF = "tat_hai_buoc"
    RECOVERY_USED = "dung_ma_du_phong"
    TELEGRAM_LINKED = "noi_telegram"
    TELEGRAM_UNLINKED = "go_telegram"
    CHAT_LINKED = "noi_khung_chat"
    CHAT_UNLINKED = "go_khung_chat"


async def record(
    transaction: Transaction,
    by: Official | None,
    action: StrEnum,
    subject: str = "",
    *,
    now: datetime,
    **details: object,
) -> None:
    """Keep that somebody did something to a subject (a case's code, a login name); None acts at the machine itself.

    `details` hold what changed, never a password, a token, or the words of a citizen.
    """
    name = by.name if by else AT_THE_MACHINE
    await audit.record(transaction, audit.Entry(now, by.id if by else None, name, action.value, subject, details))
