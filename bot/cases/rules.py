"""How many days each matter has, by date: deadlines.toml, with what the commune promises of its own in place."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.entry import Confidence

HOME = Path(__file__).parent / "deadlines.toml"
MOST_DAYS = 60  # a promise beyond any deadline of the law is a slip of the hand


class RulesError(Exception):
    """Deadlines of the commune's own that cannot be used; every fault is one line naming key, value and remedy."""


class Unit(StrEnum):
    """What a deadline counts."""

    WORKING_DAYS = "ngày làm việc"
    DAYS = "ngày"


class SetBy(StrEnum):
    """Who set a deadline, and so who may change it."""

    LAW = "law"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Rule:
    """One deadline and the days of receipt it is valid for. `pauses`: it stands still while the citizen is asked."""

    key: str
    days: int
    unit: Unit
    set_by: SetBy
    pauses: bool
    basis: str
    confidence: Confidence
    valid_from: date = date.min
    valid_until: date = date.max


@dataclass(frozen=True)
class Rules:
    """All deadlines, and the sentences that tell one."""

    rules: tuple[Rule, ...]
    sentences: Mapping[str, str]

    @classmethod
    def load(cls, own: Mapping[str, int] | None = None) -> "Rules":
        """Return the shipped rules; `own` gives days by key where the commune promises others (RulesError)."""
        raw = tomllib.loads(HOME.read_text(encoding="utf-8"))
        rules = [_rule(row) for row in raw["rule"]]
        faults = [fault for key, days in (own or {}).items() if (fault := _refused(key, days, rules))]
        if faults:
            raise RulesError("\n".join(faults))
        promised = (replace(rule, days=(own or {}).get(rule.key, rule.days)) for rule in rules)
        return cls(tuple(promised), raw["sentences"])

    def of(self, key: str, received: date) -> Rule:
        """Return the rule for what was received that day; KeyError when there is none."""
        for rule in self.rules:
            if rule.key == key and rule.valid_from <= received <= rule.valid_until:
                return rule
        raise KeyError(f"no deadline {key!r} on {received}")


def _rule(row: dict[str, Any]) -> Rule:
    typed = {
        "unit": Unit(row["unit"]),
        "set_by": SetBy(row["set_by"]),
        "confidence": Confidence(str(row["confidence"])),
    }
    return Rule(**row | typed)


def _refused(key: str, days: int, rules: list[Rule]) -> str:
    """Return why the commune cannot promise this, or ""."""
    found = [rule for rule in rules if rule.key == key]
    if not found:
        own = ", ".join(rule.key for rule in rules if rule.set_by is SetBy.COMMUNE)
        return f"{key} = {days}: không có thời hạn này; xã đặt được: {own}"
    if found[0].set_by is SetBy.LAW:
        return f"{key} = {days}: do luật định ({found[0].basis}), xã không đổi được; xóa dòng này"
    return "" if 1 <= days <= MOST_DAYS else f"{key} = {days}: cần số ngày từ 1 đến {MOST_DAYS}"
