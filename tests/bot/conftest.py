"""A command as a script runs it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.main import main

Motcua = Callable[..., tuple[int, str, str]]


@pytest.fixture
def motcua(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Motcua:
    """Run a command on a database of its own; return exit status, output and complaint."""
    monkeypatch.setenv("MOTCUA_DATABASE__URL", f"sqlite:///{tmp_path}/cli.db")
    monkeypatch.setenv("MOTCUA_BACKUP__FOLDER", f"{tmp_path}/sao-luu")
    monkeypatch.setenv("MOTCUA_FILES__FOLDER", f"{tmp_path}/tep")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["motcua", *arguments])
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run
