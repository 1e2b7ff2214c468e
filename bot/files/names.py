"""A file's name, made safe to show, to send in a header and to save on any machine."""

import re
import unicodedata

from bot.files.model import Kind

LONGEST_STEM = 60  # characters: three bytes each and the extension still fit into the 255 that file systems allow

_EXTENSION = re.compile(r"\.(?=\d*[A-Za-z])[A-Za-z0-9]{1,5}$")
_UNSAFE = re.compile(r'[<>:"|?*%;]')


def safe(name: str, kind: Kind) -> str:
    """Return a name without folders, control, invisible or turning characters, under the extension of its content."""
    last = re.split(r"[/\\]", name)[-1]
    composed = unicodedata.normalize("NFC", last)
    seen = "".join(sign for sign in composed if sign.isspace() or unicodedata.category(sign)[0] not in "CZ")
    words = " ".join(_UNSAFE.sub(" ", seen).split())
    stem = _EXTENSION.sub("", words).strip(". ")[:LONGEST_STEM].strip(". ")
    return f"{stem or kind.family}.{kind.extension}"
