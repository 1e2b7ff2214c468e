"""What a kept file is, what kinds are taken, and why one is refused."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is kept: `digest` is the SHA-256 of the kept bytes, `name` is safe to show, `size` in bytes."""

    digest: str
    name: str
    media_type: str
    size: int


class FileRefused(Exception):
    """A file that is not kept; `reason` names the sentence that tells the sender why (bot/texts.toml, [files])."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Family(StrEnum):
    """What a file is to people. The value is the name of a file that came without one."""

    PICTURE = "anh"
    VIDEO = "video"
    AUDIO = "ghi-am"
    DOCUMENT = "tep"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken."""

    media_type: str
    extension: str
    family: Family


JPEG = Kind("image/jpeg", "jpg", Family.PICTURE)
PNG = Kind("image/png", "png", Family.PICTURE)
GIF = Kind("image/gif", "gif", Family.PICTURE)
WEBP = Kind("image/webp", "webp", Family.PICTURE)
HEIC = Kind("image/heic", "heic", Family.PICTURE)

MP4 = Kind("video/mp4", "mp4", Family.VIDEO)
MOV = Kind("video/quicktime", "mov", Family.VIDEO)
THREE_GP = Kind("video/3gpp", "3gp", Family.VIDEO)
WEBM = Kind("video/webm", "webm", Family.VIDEO)

OGG = Kind("audio/ogg", "ogg", Family.AUDIO)
MP3 = Kind("audio/mpeg", "mp3", Family.AUDIO)
M4A = Kind("audio/mp4", "m4a", Family.AUDIO)
AAC = Kind("audio/aac", "aac", Family.AUDIO)
WAV = Kind("audio/wav", "wav", Family.AUDIO)
AMR = Kind("audio/amr", "amr", Family.AUDIO)

PDF = Kind("application/pdf", "pdf", Family.DOCUMENT)
OFFICE = Kind("application/zip", "zip", Family.DOCUMENT)  # which of the next three, its inside tells
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
DOCX = Kind(f"{_OPEN_XML}.wordprocessingml.document", "docx", Family.DOCUMENT)
XLSX = Kind(f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx", Family.DOCUMENT)
PPTX = Kind(f"{_OPEN_XML}.presentationml.presentation", "pptx", Family.DOCUMENT)

KINDS = (
    *(JPEG, PNG, GIF, WEBP, HEIC, MP4, MOV, THREE_GP, WEBM, OGG, MP3, M4A, AAC, WAV, AMR),
    *(PDF, DOCX, XLSX, PPTX),
)
_BY_EXTENSION = {kind.extension: kind.media_type for kind in KINDS}


def media_type_of(name: str) -> str:
    """Return the media type of a kept file by its name, whose extension we chose ourselves (bot.files.names)."""
    return _BY_EXTENSION.get(name.rpartition(".")[2], "application/octet-stream")
