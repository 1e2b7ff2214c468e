"""The office's hours in a working day, with the midday break."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

EXAMPLE = "“7:30-11:30”"
_MOMENT = r"(\d{1,2})(?:[:h.](\d{2})?)?"
_SPAN = re.compile(rf"\s*{_MOMENT}\s*[-–—]\s*{_MOMENT}\s*")


class HoursError(Exception):
    """Hours that cannot be used; every fault is one line naming the value and the remedy."""


@dataclass(frozen=True)
class OfficeHours:
    """When the office is open in a working day: spans in order, none overlapping; a span's end is outside it."""

    spans: tuple[tuple[time, time], ...]

    @classmethod
    def parse(cls, written: Sequence[str]) -> "OfficeHours":
        """Return hours written as ["7:30-11:30", "13h30–17h"]; raise HoursError with all faults."""
        faults: list[str] = []
        spans = sorted(span for text in written for span in _span(text, faults))
        faults += [
            f"giờ làm việc: buổi {_shown(early)} và buổi {_shown(late)} chồng lên nhau; sửa một trong hai"
            for early, late in pairwise(spans)
            if late[0] < early[1]
        ]
        if not written:
            faults.append(f"giờ làm việc: chưa có buổi nào; cần ít nhất một buổi, ví dụ {EXAMPLE}")
        if faults:
            raise HoursError("\n".join(faults))
        return cls(tuple(spans))

    @property
    def opening(self) -> time:
        return self.spans[0][0]

    @property
    def closing(self) -> time:
        return self.spans[-1][1]

    def next_open(self, at: time) -> time | None:
        """Return `at` when the office is open then, else when it opens again that day, else None."""
        return next((max(at, begins) for begins, ends in self.spans if at < ends), None)


DEFAULT = OfficeHours(((time(7, 30), time(11, 30)), (time(13, 30), time(17))))


def _span(text: str, faults: list[str]) -> list[tuple[time, time]]:
    match = _SPAN.fullmatch(text.lower())
    if not match:
        faults.append(f"giờ làm việc “{text}”: không đọc được; cần dạng {EXAMPLE}")
        return []
    hours = [int(number or 0) for number in match.groups()]
    try:
        begins, ends = time(hours[0], hours[1]), time(hours[2], hours[3])
    except ValueError:
        faults.append(f"giờ làm việc “{text}”: giờ từ 0 đến 23, phút từ 00 đến 59")
        return []
    if ends <= begins:
        faults.append(f"giờ làm việc “{text}”: giờ đóng cửa phải sau giờ mở cửa")
        return []
    return [(begins, ends)]


def _shown(span: tuple[time, time]) -> str:
    return f"{span[0]:%H:%M}-{span[1]:%H:%M}"
