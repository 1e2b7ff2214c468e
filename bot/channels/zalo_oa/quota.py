"""What is left of the messages that an Official Account may send beyond the free ones.

No page of Zalo's was at hand. Asking by owner and product, and an answer that lists assets with `total` and `remain`,
is as the tests of zalo-sdk 0.3.0 on PyPI captured it (test/test_get_zalo_quotas.py):
{"data": [{"asset_id": "8c27…", "product_type": "cs", "quota_type": "sub_quota", "valid_through": "30/04/2024",
"total": 2000, "remain": 1997}], "error": 0, "message": "Success"}. Whatever else comes is an unknown quota, no fault.
"""

from datetime import datetime, timedelta
from typing import Any

from bot.health import Quota

PATH = "/v3.0/oa/quota/message"
PRODUCT = "cs"  # tin tư vấn: what we send
QUESTION = {"quota_owner": "OA", "product_type": PRODUCT}
EVERY = timedelta(hours=1)
ASK_SECONDS = 5.0  # the examination of the channel, of which this is a part, has twenty


def read(answer: dict[str, Any], *, now: datetime) -> Quota:
    """Return what an answer says is left of all that was bought, included in the package and given together."""
    assets = answer.get("data")
    if answer["error"] or not isinstance(assets, list):
        return Quota(now)
    try:
        ours = [asset for asset in assets if asset["product_type"] == PRODUCT]
        left, total = sum(_count(asset["remain"]) for asset in ours), sum(_count(asset["total"]) for asset in ours)
    except (KeyError, TypeError, ValueError):
        return Quota(now)
    return Quota(now, left, total) if ours else Quota(now)


def _count(given: Any) -> int:
    """Return a number that may come as a string; raise TypeError or ValueError for one that nobody has."""
    number = int(given)
    if not 0 <= number < 2**31:
        raise ValueError(number)
    return number
