"""What a visitor said, as it is stored and shown again: words masked, files by digest, of a place only that it came."""

import json
from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.channels.web.rendering import FILES, megabytes, plain_html
from bot.files import StoredFile
from bot.messages import Attachment, AttachmentKind
from bot.redaction import redact

Say = Callable[..., str]


def body(words: str, attachments: Sequence[Attachment]) -> str:
    """Return a visitor's message as it is stored."""
    kept = [attached.file for attached in attachments if attached.file]
    files = [[file.digest, redact(file.name), file.media_type, file.size] for file in kept]
    place = any(attached.kind is AttachmentKind.LOCATION for attached in attachments)
    lost = any(attached.refused for attached in attachments)
    return json.dumps({"text": redact(words), "files": files, "place": place, "lost": lost}, ensure_ascii=False)


def files(stored: str) -> list[StoredFile]:
    """Return the files of a message that `body` stored, or `bot.messages.pack`, which adds a description to each."""
    return [StoredFile(*file[:4]) for file in json.loads(stored).get("files", ())]


def html(stored: str, say: Say) -> Markup:
    """Return a message that `body` stored as the page shows it."""
    raw = json.loads(stored)
    shown = [plain_html(raw["text"]), *(_file(file, say) for file in files(stored))]
    if raw.get("place"):
        shown.append(_LINE.format(say("web.place")))
    if raw.get("lost"):
        shown.append(_LINE.format(say("web.lost")))
    return Markup("").join(shown)


def _file(file: StoredFile, say: Say) -> Markup:
    link = f"{FILES}/{file.digest}"
    if file.media_type.startswith("image/"):
        return _PICTURE.format(link, say("web.picture", name=file.name))
    return _LINE.format(_LINK.format(link, say("web.file", name=file.name, size=megabytes(file.size))))


_LINE = Markup("<p>{}</p>")
_LINK = Markup('<a href="{}" download>{}</a>')
_PICTURE = Markup('<p><img src="{}?nho" alt="{}" loading="lazy"></p>')
