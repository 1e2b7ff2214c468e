"""Announcements to begin from: the usual ones of a commune, with gaps to be filled in."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.storage.announcements import Draft

GAP = "……"


@dataclass(frozen=True, slots=True)
class Sample:
    """One to begin from, by the name that an official chooses it by."""

    name: str
    title: str
    body: str
    topics: tuple[str, ...]
    content: str = ""
    form: str = ""

    def draft(self, author: str, topics: Collection[str]) -> Draft:
        """Return it as a draft; topics that the commune does not have are left out."""
        kept = tuple(topic for topic in self.topics if topic in topics)
        return Draft(title=self.title, body=self.body, author=author, topics=kept, content=self.content, form=self.form)


@cache
def everything() -> Mapping[str, Sample]:
    """Return all samples by id, in order."""
    raw = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        key: Sample(**values | {"body": values["body"].strip(), "topics": tuple(values["topics"])})
        for key, values in raw.items()
    }
