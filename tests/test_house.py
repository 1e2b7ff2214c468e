"""The house itself: import rules, sizes, secrets, documents."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = [p for folder in ("bot", "handlers", "knowledge") for p in (ROOT / folder).rglob("*.py")]


def test_import_rules_hold() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in path.parts:
            assert (node.end_lineno or 0) - node.lineno <= 60, node.name


def test_nine_files_of_ten_are_read_at_a_glance() -> None:
    files = [*CODE, *(ROOT / "tests").rglob("*.py")]
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert lengths[-1] <= 400
    assert lengths[len(lengths) * 9 // 10] <= 200


def test_catch_all_stands_only_at_entry_points() -> None:
    catching = [p.relative_to(ROOT).as_posix() for p in CODE if re.search(r"except (Base)?Exception", p.read_text())]
    assert sorted(catching) == ["bot/channels/intake.py", "bot/main.py", "bot/threads.py"]


def test_locks_name_no_registry_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text()
        assert "--hash=sha256" in (ROOT / name).read_text()


def test_the_readme_names_every_command() -> None:
    from bot.main import cli

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in cli.commands if f"motcua {name}" not in readme]
    assert missing == []


def test_no_secret_is_written_down() -> None:
    pattern = re.compile(r"\b\d{8,10}:[A-Za-z0-9_-]{30,}\b")  # a Telegram token
    found = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    files = [name for name in found if not name.startswith("tests/")]  # tests carry made-up tokens
    texts = ((ROOT / f) for f in files if Path(f).suffix in (".py", ".toml", ".md", ".json", ".sh"))
    assert [
        p.name for p in texts if p.exists() and pattern.search(p.read_text(encoding="utf-8", errors="ignore"))
    ] == []
