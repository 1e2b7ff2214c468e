"""An entry as a card: the part asked for first, its doubts, its source, buttons for the other parts."""

from collections.abc import Iterable, Sequence

from bot.messages import Choice, Reply
from bot.texts import Texts, day
from handlers import actions
from knowledge.entry import Confidence, Entry, Facet, Kind, Paper
from knowledge.loading import Library

MOST_FACET_BUTTONS = 6
MOST_RELATED_BUTTONS = 2


def card(entry: Entry, facets: Sequence[Facet], texts: Texts, library: Library) -> Reply:
    """Return the reply that shows `facets` of an entry, in that order."""
    known = entry.known_facets()
    shown = tuple(f for f in facets if f in known)
    lines: list[str] = []
    if len(shown) < len(facets):
        lines.append(texts.say("answer.missing_facet"))
    for facet in shown or (Facet.OVERVIEW,):
        lines += _section(entry, facet, texts)
    lines += ["", *_footer(entry, shown, texts)]  # what follows an empty line is small print
    choices = (*_facet_buttons(entry, shown, texts), *_related_buttons(entry, library))
    return Reply("\n".join(lines), choices)


def _section(entry: Entry, facet: Facet, texts: Texts) -> list[str]:
    label = "" if facet is Facet.OVERVIEW else f": {texts.section('facets')[facet].lower()}"
    lines = [f"**{texts.fill(entry.title)}{label}**"]
    lines += _papers(entry.documents, texts) if facet is Facet.DOCUMENTS else _lines(entry, facet, texts)
    if facet is Facet.OVERVIEW and entry.kind is Kind.BRIEF:
        lines += [texts.fill(line) for line in entry.facets.get(Facet.WHERE, ())]
    elif facet is Facet.OVERVIEW and entry.kind is Kind.PROCEDURE:
        lines.append(texts.say("answer.authority", authority=texts.fill(entry.authority)))
    lines += [texts.say("answer.doubt", what=texts.fill(doubt.what)) for doubt in entry.doubts_about(facet)]
    return lines


def _lines(entry: Entry, facet: Facet, texts: Texts) -> list[str]:
    lines = [texts.fill(line) for line in entry.facets.get(facet, ())]
    if facet is Facet.STEPS:
        return [f"{i}. {line}" for i, line in enumerate(lines, 1)]
    return lines if len(lines) < 2 or facet is Facet.OVERVIEW else [f"- {line}" for line in lines]


def _papers(papers: Iterable[Paper], texts: Texts) -> list[str]:
    return [f"{i}. {_paper(paper, texts)}" for i, paper in enumerate(papers, 1)]


def _paper(paper: Paper, texts: Texts) -> str:
    who = texts.say("answer.who", who=paper.who[:1].upper() + paper.who[1:]) if paper.who else ""
    name = paper.paper[:1].lower() + paper.paper[1:] if who and paper.paper[1:2].islower() else paper.paper
    when = texts.say("answer.when", when=paper.when) if paper.when else ""
    note = texts.say("answer.note", note=paper.note) if paper.note else ""
    return texts.fill(f"{who}{name.rstrip('.')}{when}{note}").rstrip(".") + "."


def _footer(entry: Entry, shown: Sequence[Facet], texts: Texts) -> list[str]:
    """Return what every answer names: legal basis, source, the day it was checked; and how sure it is."""
    lines = []
    if entry.confidence is Confidence.LOW and not any(entry.doubts_about(facet) for facet in shown):
        lines.append(texts.say("answer.low_confidence"))
    legal = entry.facets.get(Facet.LEGAL)
    if legal and Facet.LEGAL not in shown:
        lines.append(texts.say("answer.legal", legal=legal[0].rstrip(".") + ("…" if len(legal) > 1 else ".")))
    first = entry.sources[0]
    lines.append(texts.say("answer.source", source=first.title, day=day(first.as_of)))
    return lines


def _facet_buttons(entry: Entry, shown: Sequence[Facet], texts: Texts) -> list[Choice]:
    labels = texts.section("facets")
    hidden = {Facet.WHERE} if entry.kind is Kind.BRIEF else set()
    others = [f for f in entry.known_facets() if f not in shown and f not in hidden]
    if Facet.OVERVIEW not in shown and Facet.OVERVIEW in others:
        others = [*(f for f in others if f is not Facet.OVERVIEW), Facet.OVERVIEW]
    return [actions.entry(entry.id, labels[f], f) for f in others[:MOST_FACET_BUTTONS]]


def _related_buttons(entry: Entry, library: Library) -> list[Choice]:
    related = [library.entries[r] for r in entry.related if r in library.entries]
    return [actions.entry(r.id, r.title) for r in related[:MOST_RELATED_BUTTONS]]
