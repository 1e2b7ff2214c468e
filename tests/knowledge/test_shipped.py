"""The knowledge base as shipped."""

import re
from pathlib import Path

import pytest

from bot.settings import Unit
from bot.texts import Texts
from handlers.cards import card
from knowledge.entry import Entry, Facet, Kind
from knowledge.loading import Library

CATALOGUE = {
    "ho-tich": 19, "chung-thuc": 8, "cu-tru": 11, "can-cuoc": 12, "dat-dai": 9, "xay-dung": 3, "ho-kinh-doanh": 6,
    "bao-tro-xa-hoi": 11, "nguoi-co-cong": 3, "bao-hiem": 5, "giao-duc": 4, "ton-giao-le-hoi": 3,
    "nong-nghiep-moi-truong": 7, "quan-su": 4, "tiep-cong-dan": 4, "dich-vu-cong-truc-tuyen": 6,
    "cai-cach-hanh-chinh": 25, "xa": 4, "tro-ly": 4,
}  # fmt: skip
BANNED = ("chatbot", "crawler", "github", "nguồn thứ cấp", "TODO", "user", "click")


def test_every_field_has_its_full_entries(library: Library) -> None:
    counted = {field: len(library.in_field(field)) for field in library.fields if library.in_field(field)}
    assert counted == CATALOGUE
    assert sum(CATALOGUE.values()) == 148


def test_there_are_enough_brief_entries(library: Library) -> None:
    assert sum(entry.kind is Kind.BRIEF for entry in library.entries.values()) >= 250


def texts_of(entry: Entry) -> str:
    lines = [line for lines in entry.facets.values() for line in lines]
    return "\n".join((entry.title, *lines, *entry.questions, *(s.title for s in entry.sources)))


def test_no_entry_names_an_intermediary_or_speaks_english(library: Library) -> None:
    found = [
        (e.id, word)
        for e in library.entries.values()
        for word in BANNED
        if re.search(rf"\b{word}\b", texts_of(e), re.I)
    ]
    assert found == []


def test_citizens_are_addressed_with_respect(library: Library) -> None:
    informal = [
        e.id for e in library.entries.values() for line in e.facets.values() if re.search(r"\b[Bb]ạn\b", " ".join(line))
    ]
    assert informal == []


def test_every_card_is_complete_in_every_facet(library: Library) -> None:
    texts = Texts.load(Unit())
    for entry in library.entries.values():
        for facet in entry.known_facets():
            shown = card(entry, (facet,), texts, library)
            assert "{" not in shown.text, entry.id
            assert "Nguồn:" in shown.text, entry.id
            assert all(len(choice.id.encode()) <= 64 for choice in shown.choices), entry.id


@pytest.mark.parametrize("facet", [Facet.DOCUMENTS, Facet.WHERE, Facet.TIME, Facet.FEE])
def test_most_procedures_answer_what_is_asked_most(library: Library, facet: Facet) -> None:
    procedures = [e for e in library.entries.values() if e.kind is Kind.PROCEDURE]
    missing = [e.id for e in procedures if facet not in e.known_facets()]
    assert len(missing) <= len(procedures) * 0.15, missing


def test_no_contact_of_the_commune_is_written_into_an_entry() -> None:
    home = Path(__file__).parents[2] / "knowledge" / "entries"
    pattern = re.compile(r"\b0221[ .]?\d|tienhoa\.hungyen")
    assert [p.name for p in home.glob("*/*.toml") if pattern.search(p.read_text(encoding="utf-8"))] == []
