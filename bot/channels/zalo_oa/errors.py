"""What Zalo's error codes mean for whoever wanted to send.

Errors come with HTTP status 200; the code is the field `error`. No page of Zalo's lists them all: the table joins what
two code bases and a digest of developers.zalo.me say, and an unknown code is told to the operator with its number.
"""

from dataclasses import dataclass

from bot.messages import DeliveryError, DeliveryOutcome

STALE_TOKEN = frozenset({-216, -220, -124})
UPLOAD_EXPIRED = -100
QUIET_HOURS = -234
QUOTA_SPENT = -211


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means; `needs_operator` when it stops messages to everybody until somebody acts."""

    outcome: DeliveryOutcome
    reason: str
    retry_after: float | None = None
    needs_operator: bool = False


_GONE, _REFUSED, _FAILED = DeliveryOutcome.GONE, DeliveryOutcome.REFUSED, DeliveryOutcome.FAILED

_NOT_SET_UP = Meaning(_FAILED, "Zalo báo ứng dụng hoặc OA chưa được thiết lập đúng", needs_operator=True)

MEANINGS = {
    -32: Meaning(_FAILED, "gọi Zalo quá nhiều trong một phút", retry_after=60.0),
    UPLOAD_EXPIRED: Meaning(_REFUSED, "tệp đã tải lên Zalo hết hạn"),
    -124: Meaning(_FAILED, "Zalo không nhận mã truy cập", needs_operator=True),
    -216: Meaning(_FAILED, "Zalo không nhận mã truy cập", needs_operator=True),
    -220: Meaning(_FAILED, "mã truy cập của Zalo hết hạn", needs_operator=True),
    QUOTA_SPENT: Meaning(_FAILED, "OA hết hạn mức gửi tin", needs_operator=True),
    -221: Meaning(_FAILED, "OA chưa được Zalo xác thực", needs_operator=True),
    -224: Meaning(_FAILED, "gói dịch vụ OA không được gọi OpenAPI", needs_operator=True),
    -320: Meaning(_FAILED, "OA chưa đủ điều kiện gửi tin có tính tiền", needs_operator=True),
    -321: Meaning(_FAILED, "tài khoản trả tiền của Zalo hết tiền", needs_operator=True),
    -218: Meaning(DeliveryOutcome.SKIPPED, "người này đã nhận đủ số tin Zalo cho phép"),
    -213: Meaning(_GONE, "người này không quan tâm OA"),
    -217: Meaning(_GONE, "người này từ chối nhận tin của OA"),
    -227: Meaning(_GONE, "tài khoản Zalo bị khóa hoặc bỏ quá 45 ngày"),
    -244: Meaning(_GONE, "người này chặn loại tin này"),
    -230: Meaning(DeliveryOutcome.SKIPPED, "quá hạn Zalo cho nhắn từ tin cuối của người dân"),
    -232: Meaning(DeliveryOutcome.SKIPPED, "quá hạn Zalo cho nhắn từ tin cuối của người dân"),
    QUIET_HOURS: Meaning(_FAILED, "giờ yên tĩnh của Zalo"),
    **dict.fromkeys((-204, -205, -209, -212, -219, -223, -240), _NOT_SET_UP),
    -201: Meaning(_REFUSED, "Zalo báo tin sai quy cách"),
    -210: Meaning(_REFUSED, "Zalo báo tin dài quá hoặc sai quy cách"),
    -233: Meaning(_REFUSED, "Zalo báo tin sai quy cách"),
}
UNKNOWN = Meaning(_REFUSED, "Zalo từ chối")


def meaning_of(code: int) -> Meaning:
    return MEANINGS.get(code, UNKNOWN)


def refusal(code: int, *, retry_after: float | None = None) -> DeliveryError:
    """Return what a code means as the error to raise; `retry_after` when it is not in the table."""
    meaning = meaning_of(code)
    wait = meaning.retry_after if retry_after is None else retry_after
    kind = NeedsOperator if meaning.needs_operator else DeliveryError
    return kind(meaning.outcome, f"{meaning.reason} (mã {code})", retry_after=wait)


class NeedsOperator(DeliveryError):
    """Nobody is reached until an operator has put something right with Zalo."""
