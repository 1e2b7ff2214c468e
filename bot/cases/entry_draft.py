"""A question that officials answered, as the beginning of a knowledge entry in the house format."""

import json
import re
from datetime import date

from bot.redaction import redact
from bot.storage.cases import Case
from knowledge.vietnamese import fold

LONGEST_ID, LONGEST_TITLE = 48, 80
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def entry_id(case: Case) -> str:
    """Return an id made of the question's words."""
    words = re.findall(r"[a-z0-9]+", fold(redact(case.text)))
    return "-".join(words)[:LONGEST_ID].strip("-") or "muc-moi"


def toml(case: Case, *, unit: str, today: date) -> str:
    """Return the draft as TOML (knowledge/README.md): what is known, the rest marked for the curator."""
    question, answer = (" ".join(redact(text).split()) for text in (case.text, case.answer))
    lines = [part.strip() for part in _SENTENCE.split(redact(case.answer)) if part.strip()][:4]
    summary = "\n".join(f"  {_quoted(line)}," for line in lines or ["PHẢI VIẾT: một đến bốn câu ngắn."])
    return f"""\
# Nháp soạn từ câu hỏi {case.code}, ngày {today:%d/%m/%Y}. Người biên tập đọc lại từng dòng trước khi đưa vào kho.
# Xem knowledge/README.md. Chỗ ghi PHẢI VIẾT là chưa có; mục đầy đủ cần ít nhất 12 cách hỏi và một nguồn chính thức.
id = {_quoted(entry_id(case))}
title = {_quoted(question[:LONGEST_TITLE])}
kind = "guide"
field = "tro-ly"  # PHẢI VIẾT: một lĩnh vực trong knowledge/fields.toml
handled_by = "xa"
authority = {_quoted(unit)}
summary = [
{summary}
]
questions = [
  {_quoted(question)},
]
related = []
reviewed_on = {today.isoformat()}
confidence = "low"

[facets]
notes = [{_quoted(answer)}]

[[to_verify]]
facet = "notes"
what = "Câu trả lời của cán bộ cho một người hỏi; cần đối chiếu văn bản trước khi trả lời mọi người."

[[sources]]
title = {_quoted(f"Trả lời của {unit} cho câu hỏi {case.code}")}
as_of = {(case.answered_at.date() if case.answered_at else today).isoformat()}
"""


def _quoted(text: str) -> str:
    """Return a text as a basic TOML string; JSON's escapes are a part of TOML's."""
    plain = text.replace("{", "(").replace("}", ")")  # braces in an entry are places to be filled in
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")
