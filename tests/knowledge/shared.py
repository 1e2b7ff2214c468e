"""A small library made of a folder of entries, for tests that need their own."""

from functools import cache
from pathlib import Path

from knowledge import loading
from knowledge.answering import Assistant

ENTRY = """
id = "{id}"
title = "{title}"
kind = "procedure"
field = "ho-tich"
handled_by = "xa"
authority = "UBND xã"
summary = ["Tóm tắt về {title}."]
questions = [{questions}]
reviewed_on = 2026-11-22
confidence = "high"
{more}
[facets]
fee = ["8.000 đồng một bản."]
{facets}
[[sources]]
title = "Cổng Dịch vụ công quốc gia"
as_of = 2026-06-10
"""


def entry(name: str, title: str, *, questions: list[str] | None = None, more: str = "", facets: str = "") -> str:
    """Return the TOML of a sound entry."""
    asked = questions or [f"{title} hỏi cách {i}" for i in range(12)]
    quoted = ", ".join(f'"{q}"' for q in asked)
    return ENTRY.format(id=name, title=title, questions=quoted, more=more, facets=facets)


def write(home: Path, files: dict[str, str]) -> Path:
    """Write a knowledge folder: entries by name, other files by their own."""
    folder = home / "entries" / "ho-tich"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("synonyms.toml", "vague.toml", "smalltalk.toml"):
        (home / name).write_text("", encoding="utf-8")
    (home / "fields.toml").write_text('ho-tich = "Hộ tịch"\n', encoding="utf-8")
    for name, text in files.items():
        path = home / name if "." in name else folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
    return home


@cache
def small_assistant() -> Assistant:
    return Assistant(loading.load())
