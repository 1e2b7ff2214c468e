"""Every text that questions are compared with, and whose it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.entry import Entry, Facet
from knowledge.loading import Library

# Owners that are not entries carry a mark before their name.
TALK_MARK = "#"
VAGUE_MARK = "?"
OUTSIDE_MARK = "#outside"  # what is not the commune's business, by kinds
ALL_OUTSIDE = "#outside*"  # all kinds together; no text's owner, only learned


@dataclass(frozen=True, slots=True)
class Document:
    """One text and the entry (or small talk, or vague question) it belongs to; a phrasing, or a line it answers."""

    owner: str
    text: str
    is_asked: bool = True


def documents(library: Library) -> list[Document]:
    """Return every phrasing of the library with its owner; titles and the lines of an entry count as well."""
    rows = [row for entry in library.entries.values() for row in _of_entry(entry)]
    rows += [Document(TALK_MARK + key, text) for key, texts in library.smalltalk.items() for text in texts]
    rows += [Document(VAGUE_MARK + "|".join(row.choices), text) for row in library.vague for text in row.questions]
    return rows


def _of_entry(entry: Entry) -> Iterator[Document]:
    """Yield what an entry's citizens ask and what it answers; laws are left out, they are alike everywhere."""
    for text in dict.fromkeys((entry.title, *entry.names, *entry.questions)):
        yield Document(entry.id, text)
    lines = [line for facet, lines in entry.facets.items() if facet is not Facet.LEGAL for line in lines]
    lines += [f"{paper.paper} {paper.when}" for paper in entry.documents]
    for line in lines:
        yield Document(entry.id, line, is_asked=False)
