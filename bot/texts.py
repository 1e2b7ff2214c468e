"""The sentences a citizen reads, from texts.toml, with the commune's values filled in."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bot.settings import FileSettings, Unit

HOME = Path(__file__).parent
FILES = tuple(f"texts{part}.toml" for part in ("", "_cases", "_staff", "_privacy", "_outlets", "_events"))
_SHIPPED = FileSettings()


class Texts:
    """Says the sentences of one commune."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]], unit: Unit, files: FileSettings) -> None:
        self._sentences = sentences
        self._commune = {**_commune(unit, sentences["unfilled"]), **_limits(files)}

    @classmethod
    def load(cls, unit: Unit, files: FileSettings = _SHIPPED) -> "Texts":
        return cls(sentences(), unit, files)

    def say(self, key: str, **values: object) -> str:
        """Return the sentence "section.name" with its values; an unknown key is our own mistake (KeyError)."""
        section, name = key.split(".")
        return self._sentences[section][name].format(**self._commune, **values)

    def section(self, name: str) -> Mapping[str, str]:
        """Return all sentences of a section by name, in the file's order."""
        return self._sentences[name]

    def fill(self, line: str) -> str:
        """Return a line of an entry with the commune's values in place of {…}."""
        return line.format(**self._commune) if "{" in line else line


def sentences() -> dict[str, Mapping[str, str]]:
    """Return every sentence by section and name, nothing filled in."""
    found: dict[str, Mapping[str, str]] = {}
    for name in FILES:
        found |= tomllib.loads((HOME / name).read_text(encoding="utf-8"))
    return found


def _commune(unit: Unit, unfilled: Mapping[str, str]) -> dict[str, str]:
    def shown(name: str) -> str:
        return str(getattr(unit, name)) or unfilled[name]

    return {
        "don_vi": f"UBND {unit.name}",
        "xa": unit.name,
        "xa_moi": unit.present_name or unit.name,
        "tinh": unit.province,
        "trung_tam": shown("centre"),
        "dia_chi": shown("address"),
        "gio_lam_viec": shown("working_hours"),
        "dien_thoai": shown("phone"),
        "dien_thoai_cong_an": shown("police_phone"),
        "lich_tiep_dan": shown("reception_day"),
        "thu_dien_tu": shown("email"),
        "trang_web": shown("website"),
    }


def _limits(files: FileSettings) -> dict[str, str]:
    return {"anh_mb": str(files.photo_mb), "video_mb": str(files.video_mb), "tep_mb": str(files.document_mb)}


def day(moment: date) -> str:
    """Return a date as people write it: 10/6/2026."""
    return f"{moment.day}/{moment.month}/{moment.year}"
