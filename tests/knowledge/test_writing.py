"""An entry written as its file says what it said before."""

import tomllib
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import writing
from knowledge.entry import Doubt, Entry, Facet, Paper, Source, read
from knowledge.loading import HOME, Library


def written_and_read(entry: Entry) -> Entry:
    return read(tomllib.loads(writing.toml(entry))).entry


def test_every_shipped_entry_survives_being_written(library: Library) -> None:
    assert [e.id for e in library.entries.values() if written_and_read(e) != e] == []


def test_the_form_is_that_of_the_shipped_files(library: Library) -> None:
    entry = library.entries["khai-tu"]
    assert writing.toml(entry).split("\n\n") == _sections(entry)


def _sections(entry: Entry) -> list[str]:
    """Return the sections of the shipped file, its facets in the order in which citizens are offered them."""
    text = (HOME / "entries" / entry.field / f"{entry.id}.toml").read_text(encoding="utf-8")
    sections = text.split("\n\n")
    number = next(n for n, section in enumerate(sections) if section.startswith("[facets]"))
    legal, notes = sections[number].index("legal = ["), sections[number].index("notes = [")
    facets = sections[number]
    sections[number] = facets[:legal] + facets[notes:] + "\n" + facets[legal:notes].rstrip("\n")
    return sections


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool)


@settings(max_examples=100, deadline=None)
@given(words=st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT))
def test_any_words_survive(library: Library, words: tuple[str, ...]) -> None:
    title, line, question, paper, note, source = words
    entry = replace(
        library.entries["khai-tu"],
        title=title,
        facets={Facet.OVERVIEW: (line, line), Facet.FEE: (line,)},
        questions=(question,) * 12,
        documents=(Paper(paper, note=note),),
        doubts=(Doubt(Facet.FEE, note),),
        sources=(Source(source, date(2026, 1, 2)),),
        valid_from=date(2026, 1, 1),
        valid_until=date(2030, 12, 31),
    )
    assert written_and_read(entry) == entry
