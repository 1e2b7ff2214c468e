"""`motcua ask`: questions from the command line, answered as in a chat."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import handlers
from bot import assembly, config
from bot.messages import Incoming, plain
from bot.storage.database import Database
from handlers.services import Services
from knowledge.answering import Answer


@click.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
@click.option("--batch", type=click.Path(path_type=Path), help="Tệp JSONL, mỗi dòng một câu hỏi hoặc một hội thoại.")
def ask(question: str | None, as_json: bool, batch: Path | None) -> None:
    """Hỏi một câu, hoặc cả một tệp câu hỏi."""
    if (question is None) == (batch is None):
        raise click.UsageError('cần một câu hỏi, hoặc --batch TỆP; ví dụ: motcua ask "làm giấy khai sinh cần gì"')
    lines = _lines(batch) if batch else [{"q": question}]
    asyncio.run(_answer_all(lines, as_json=as_json or batch is not None))


def _lines(batch: Path) -> list[dict[str, Any]]:
    try:
        texts = batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{batch}: không đọc được ({error}); cần tệp JSONL mã UTF-8") from error
    return [_line(text, number, batch) for number, text in enumerate(texts, 1) if text.strip()]


def _line(text: str, number: int, batch: Path) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise click.UsageError(f"{batch} dòng {number}: không phải JSON ({error.msg})") from error
    if not isinstance(raw, dict) or not _is_asking(raw):
        raise click.UsageError(f'{batch} dòng {number}: cần {{"q": "…"}} hoặc {{"turns": [{{"say": "…"}}]}}')
    return raw


def _is_asking(raw: dict[str, Any]) -> bool:
    turns = raw.get("turns")
    if turns is not None:
        return isinstance(turns, list) and all(isinstance(t, dict) and isinstance(t.get("say"), str) for t in turns)
    return isinstance(raw.get("q"), str)


async def _answer_all(lines: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    database = await Database.in_memory()
    services = assembly.services(config.load(), database)
    for number, raw in enumerate(lines):
        sayings = [turn["say"] for turn in raw["turns"]] if "turns" in raw else [raw["q"]]
        turns = [await say(text, f"line-{number}", services) for text in sayings]
        shown = {"turns": [t.as_json() for t in turns]} if "turns" in raw else turns[0].as_json()
        print(json.dumps(shown, ensure_ascii=False) if as_json else turns[0].text, flush=True)
    await database.close()


@dataclass(frozen=True, slots=True)
class Said:
    """What was asked, what was decided, and what the citizen reads."""

    question: str
    answer: Answer | None
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the shape that scripts rely on (interface: "The answer's JSON shape")."""
        answer = self.answer
        return {
            "question": self.question,
            "outcome": answer.outcome.value if answer else "smalltalk",
            "entry": answer.entry if answer else None,
            "facet": answer.facet.value if answer and answer.entry and answer.facet else None,
            "alternatives": list(answer.alternatives) if answer else [],
            "score": round(min(1.0, max(0.0, answer.score)), 4) if answer else 0.0,
            "text": self.text,
        }


async def say(text: str, address: str, services: Services) -> Said:
    """Say one thing in the conversation at `address` and return what came back."""
    replies = await handlers.converse(Incoming("terminal", address, text, greeted=True), services)
    answers = [reply.answer for reply in replies if reply.answer]
    return Said(text, answers[-1] if answers else None, "\n\n".join(plain(reply.text) for reply in replies))
