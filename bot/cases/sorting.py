"""What kind of message a citizen's own words are."""

from dataclasses import dataclass

from bot.cases.model import CaseType
from knowledge.vietnamese import fold

_SIGNS: tuple[tuple[CaseType, tuple[str, ...]], ...] = (
    (CaseType.DENUNCIATION, ("to cao", "nhan hoi lo", "an chan", "tham o")),
    (CaseType.COMPLAINT, ("khieu nai",)),
    (CaseType.PRAISE, ("cam on can bo", "khen")),
    (CaseType.INITIATIVE, ("sang kien",)),
    (CaseType.PROPOSAL, ("kien nghi", "de nghi xa")),
    (CaseType.SUGGESTION, ("gop y",)),
    (CaseType.FEEDBACK, ("phan anh", "hong", "ngap", "rac", "mat dien", "hach sach")),
)
_WISHES = ("toi muon phan anh", "toi muon gop y", "toi muon kien nghi", "toi muon to cao", "phan anh viec")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The type that words point to, None for none, and how surely (0 to 1)."""

    type: CaseType | None
    confidence: float


def suggest(text: str) -> Suggestion:
    """Return the type that a citizen's words point to."""
    said = fold(text)
    found = next((kind for kind, signs in _SIGNS if any(sign in said for sign in signs)), None)
    return Suggestion(found, 0.7 if found else 0.0)


def parts(text: str) -> tuple[str, ...]:
    """Return the matters of a text that holds several, each in the citizen's words."""
    return (text,)


def wants_to_report(text: str) -> bool:
    """Tell whether words report a matter rather than ask about one."""
    return any(wish in fold(text) for wish in _WISHES)
