"""The commands that scripts rely on (interface.md)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.main import cli
from tests.bot.conftest import Motcua

KEYS = {"question", "outcome", "entry", "facet", "alternatives", "score", "text"}


def test_ask_one_question(motcua: Motcua) -> None:
    code, out, err = motcua("ask", "đăng ký kết hôn cần giấy tờ gì")
    assert (code, err) == (0, "")
    assert "Đăng ký kết hôn" in out
    assert "**" not in out


def test_ask_as_json(motcua: Motcua) -> None:
    code, out, _ = motcua("ask", "đăng ký kết hôn cần giấy tờ gì", "--json")
    said = json.loads(out)
    assert code == 0
    assert set(said) == KEYS
    assert (said["outcome"], said["entry"], said["facet"]) == ("answered", "ket-hon", "documents")
    assert 0 <= said["score"] <= 1


def test_ask_a_batch_in_order(motcua: Motcua, tmp_path: Path) -> None:
    batch = tmp_path / "hoi.jsonl"
    turns = {"turns": [{"say": "đăng ký kết hôn cần gì"}, {"say": "thế lệ phí bao nhiêu"}]}
    lines = [{"q": "SIPAS là gì"}, turns, {"q": ""}, {"q": "cảm ơn nhé", "note": "bỏ qua"}]
    batch.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n\n", encoding="utf-8")
    code, out, _ = motcua("ask", "--batch", str(batch))
    first, second, third, fourth = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert first["entry"] == "sipas"
    assert [turn["entry"] for turn in second["turns"]] == ["ket-hon", "ket-hon"]
    assert [set(turn) for turn in second["turns"]] == [KEYS, KEYS]
    assert (third["outcome"], third["entry"]) == ("unknown", None)
    assert fourth["outcome"] == "smalltalk"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "cần một câu hỏi"),
        (["ask", "--batch", "/khong/co.jsonl"], "không đọc được"),
        (["lam-gi-do"], "lam-gi-do"),
        (["run", "--only", "bep"], "không có phần bep"),
        (["knowledge", "evaluate", "/khong/co.jsonl"], "co.jsonl"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(motcua: Motcua, arguments: list[str], told: str) -> None:
    code, out, err = motcua(*arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


ENGLISH = re.compile(
    r"\b(?:usage|options?|commands?|arguments?|missing|show|exit|such|invalid|value|valid|unexpected|requires?|the|not|is)\b",
    re.IGNORECASE,
)

CLICKS_OWN = {
    "an option that is none": ["--lam"],
    "a misspelt option": ["ask", "--jsom"],
    "a misspelt command": ["knowledge", "serch", "x"],
    "no argument": ["knowledge", "search"],
    "an argument too many": ["database", "backup", "a", "b"],
    "arguments too many": ["database", "backup", "a", "b", "c"],
    "no value": ["run", "--only"],
    "a value too many": ["ask", "--json=1", "x"],
    "a number that is none": ["knowledge", "search", "a", "--limit", "x"],
    "a folder in place of a file": ["database", "restore", "/tmp"],
    "only a group": ["database"],
    "nothing": [],
}


@pytest.mark.parametrize("arguments", CLICKS_OWN.values(), ids=CLICKS_OWN)
def test_clicks_own_complaints_are_vietnamese(motcua: Motcua, arguments: list[str]) -> None:
    code, out, err = motcua(*arguments)
    assert (code, out) == (2, "")
    assert not ENGLISH.search(err.replace("--help", "")), err


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, *path, name)


@pytest.mark.parametrize("path", list(commands(cli)), ids=" ".join)
def test_every_help_page_is_vietnamese(motcua: Motcua, path: tuple[str, ...]) -> None:
    code, out, err = motcua(*path, "--help")
    assert (code, err) == (0, "")
    assert out.startswith("Cách dùng: motcua")
    described = re.sub(r"--[\w-]+|\b(?:QUESTION|FILES?|show)\b", "", out)
    assert not ENGLISH.search(described), out


def test_the_version_is_told(motcua: Motcua) -> None:
    assert re.fullmatch(r"motcua, phiên bản [\d.]+\n", motcua("--version")[1])


@pytest.mark.parametrize("line", ["không phải json", "[1]", '{"q": 5}', '{"turns": [{"x": 1}]}', "{}"])
def test_a_wrong_line_is_named(motcua: Motcua, tmp_path: Path, line: str) -> None:
    (tmp_path / "x.jsonl").write_text('{"q": "a"}\n' + line, encoding="utf-8")
    code, _, err = motcua("ask", "--batch", str(tmp_path / "x.jsonl"))
    assert code == 2
    assert "dòng 2" in err


def test_knowledge_check_search_and_evaluate(motcua: Motcua, tmp_path: Path) -> None:
    assert motcua("knowledge", "check")[0] == 0
    _, found, _ = motcua("knowledge", "search", "khai sinh cho con", "--limit", "3")
    assert "khai-sinh" in found
    question = {"q": "đăng ký kết hôn cần giấy tờ gì", "expect": ["ket-hon"], "facet": "documents", "style": "formal"}
    (tmp_path / "q.jsonl").write_text(json.dumps(question), encoding="utf-8")
    _, report, _ = motcua("knowledge", "evaluate", str(tmp_path / "q.jsonl"))
    assert "style: formal" in report
    assert "100.0%" in report


def test_wrong_settings_stop_every_command(motcua: Motcua, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_WEB__PORT", "xa")
    code, _, err = motcua("database", "upgrade")
    assert code == 2
    assert "web.port = 'xa'" in err


def test_database_upgrade_can_be_repeated(motcua: Motcua) -> None:
    assert motcua("database", "upgrade")[0] == 0
    assert motcua("database", "upgrade")[0] == 0
