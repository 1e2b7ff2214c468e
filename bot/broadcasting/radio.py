"""An announcement as the script of the commune's loudspeakers, every word of it written out."""

import io
from dataclasses import dataclass

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from bot.broadcasting import highlights, reading_aloud
from bot.settings import Unit
from bot.storage.announcements import Draft
from bot.texts import Texts

SHORTEST, LONGEST = 60, 90  # seconds, as the commune's station asks
FONT, TEXT, SMALL = "Times New Roman", Pt(16), Pt(13)


@dataclass(frozen=True, slots=True)
class Script:
    """What the announcer reads, a paragraph each, and about how long it takes."""

    paragraphs: tuple[str, ...]
    seconds: int

    @property
    def remark(self) -> str:
        """What the official should know about its length; "" when it is right."""
        if self.seconds > LONGEST:
            return f"Dài hơn {LONGEST} giây: nên bớt lời trong tệp Word trước khi đọc."
        if self.seconds < SHORTEST:
            return f"Ngắn hơn {SHORTEST} giây: đọc chậm lại, hoặc đọc hai lần."
        return ""


def script(draft: Draft, texts: Texts, unit: Unit) -> Script:
    """Return the script: greeting, words, when and where once more, whom to ask."""
    opening = "radio.urgent" if draft.urgent else "radio.opening"
    parts = [texts.say(opening, title=draft.title.strip().rstrip(".")), *highlights.sentences(draft.body)]
    if facts := highlights.facts(draft.body):
        parts += [texts.say("radio.again"), *facts]
    parts.append(texts.say("radio.ask_by_phone" if unit.phone else "radio.ask"))
    parts.append(texts.say("radio.thanks"))
    said = tuple(_ended(paragraph) for part in parts for paragraph in reading_aloud.say(part).split("\n") if paragraph)
    return Script(said, reading_aloud.seconds("\n".join(said)))


def _ended(paragraph: str) -> str:
    return paragraph if paragraph[-1] in ".:!?" else f"{paragraph}."


def document(found: Script, title: str, unit: Unit) -> bytes:
    """Return a script as a Word document to be printed or changed."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin, section.top_margin = Mm(30), Mm(20), Mm(20)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, TEXT
    style.paragraph_format.line_spacing, style.paragraph_format.space_after = 1.5, Pt(6)
    paper.core_properties.title = _storable(title)
    _line(paper, f"UBND {unit.name}".upper(), SMALL, bold=True)
    _line(paper, "BẢN TIN TRUYỀN THANH", TEXT, bold=True)
    _line(paper, f"Đọc khoảng {found.seconds} giây. Ngày phát: …………… Người đọc: ……………", SMALL)
    for paragraph in found.paragraphs:
        paper.add_paragraph(_storable(paragraph))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _line(paper: "Document", words: str, size: Pt, *, bold: bool = False) -> None:  # type: ignore[valid-type]
    paragraph = paper.add_paragraph()  # type: ignore[attr-defined]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(_storable(words))
    run.font.size, run.bold = size, bold


def _storable(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold."""
    return "".join(sign for sign in text if sign.isprintable() and sign not in "\ufffe\uffff")
