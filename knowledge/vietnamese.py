"""Vietnamese as letters: cleaning, folding marks, canonical syllables, Telex and VNI debris, run-together words."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

# Zero-width, bidi and other format characters that phones and copied text leave behind (Unicode Cf), controls (Cc),
# and halves of an emoji cut in two (surrogates), which no database or terminal takes.
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
_SHAPES = "\u0302\u0306\u031b"  # mũ, trăng, móc

_SYLLABLE = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?"
    r"(?:(?:a|e|i|o|u|y|ie|ye|oa|oe|ua|ue|uo|uy|uye|uyu|ia|uya|io|iu)(?:c|ch|m|n|ng|nh|p|t)?"
    r"|oo(?:c|ng)|ai|ao|au|ay|eo|eu|ieu|yeu|oi|oai|oay|oao|oeo|ui|uoi|uou|uu|uay|uai|iai|iao|iau|iay|ieo|ioi|iui|yu)"
)

_TELEX_SHAPES = {
    "aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ",
}  # fmt: skip
_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}


def clean(text: str) -> str:
    """Return `text` in NFC without invisible characters, white space collapsed."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def words(text: str) -> list[str]:
    """Return the lower-case words and numbers of `text`; a procedure code such as 1.001193 stays whole."""
    return _WORD.findall(clean(text).lower())


def fold(text: str) -> str:
    """Return `text` in lower case without marks, đ as d, words separated by one space."""
    return " ".join(fold_word(word) for word in words(text))


@lru_cache(maxsize=16_384)
def fold_word(word: str) -> str:
    """Return one lower-case word without marks.

    đ has no Unicode decomposition, so it is replaced by hand; stripping marks alone would leave it.
    """
    plain = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=16_384)
def canonical(word: str) -> str:
    """Return a word's letters with its tone moved to the end, so that "hoà" and "hòa" are one.

    The result is a key for comparing, not for reading. i and y are one where they end an open syllable ("lý", "lí").
    """
    letters, tone = [], ""
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = char
        else:
            letters.append(char)
    body = unicodedata.normalize("NFC", "".join(letters))
    if len(body) > 1 and body.endswith("y") and body[:-1] in _OPEN_ONSETS:
        body = body[:-1] + "i"
    return body + tone


_OPEN_ONSETS = frozenset({"h", "k", "l", "m", "s", "t", "v"})


def has_marks(word: str) -> bool:
    """Tell whether a word was typed with any Vietnamese mark."""
    return fold_word(word) != word


@lru_cache(maxsize=16_384)
def is_syllable(folded: str) -> bool:
    """Tell whether folded letters have the shape of one Vietnamese syllable (not whether the word exists)."""
    return _SYLLABLE.fullmatch(folded) is not None


def squeeze(word: str) -> str:
    """Return a word with letters repeated for emphasis written once ("khaiii" → "khai")."""
    return re.sub(r"(.)\1+", r"\1", word)


def from_telex(word: str) -> str | None:
    """Return what raw Telex keystrokes spell ("giaays" → "giấy"), or None when they spell no syllable."""
    if not word.isascii() or not word.isalpha():
        return None
    tone, letters = "", []
    for position, char in enumerate(word):
        if char in _TELEX_TONES and position > 0 and any(c in "aeiouyw" for c in word[:position]):
            tone = _TELEX_TONES[char]
        else:
            letters.append(char)
    body = "".join(letters).replace("uuw", "ưu")
    for keys, letter in _TELEX_SHAPES.items():
        body = _shape(body, keys, letter)
    body = re.sub(r"uo(?=ơ)|ưo", "ươ", body).replace("uơ", "ươ").replace("w", "ư").replace("ươơ", "ươ")
    return _toned(body, tone)


def _shape(body: str, keys: str, letter: str) -> str:
    """Apply one Telex pair, the second key also when typed later in the syllable ("dangd", "tien" + "e")."""
    first, second = keys[0], keys[1]
    if keys in body:
        return body.replace(keys, letter)
    start = body.find(first)
    later = body.find(second, start + 1)
    if start < 0 or later < 0 or (second == "w" and later != len(body) - 1) or first == second != body[-1]:
        return body
    return body[:start] + letter + body[start + 1 : later] + body[later + 1 :]


def from_vni(word: str) -> str | None:
    """Return what raw VNI keystrokes spell ("d9a8ng" → "đăng", "ky1" → "ký"), or None."""
    if not any(c.isdigit() for c in word) or not word[0].isalpha():
        return None
    body, tone = "", ""
    for char in word:
        if char in _VNI_TONES:
            tone = _VNI_TONES[char]
        elif char in _VNI_SHAPES:
            body = _shape_last(body, _VNI_SHAPES[char])
        else:
            body += char
    body = body.replace("uơ", "ươ")
    return None if any(c.isdigit() for c in body) else _toned(body, tone)


def _shape_last(body: str, shapes: dict[str, str]) -> str:
    for position in range(len(body) - 1, -1, -1):
        if body[position] in shapes:
            return body[:position] + shapes[body[position]] + body[position + 1 :]
    return body + "0"


def _toned(body: str, tone: str) -> str | None:
    if not is_syllable(fold_word(body)):
        return None
    if not tone:
        return body
    vowels = [i for i, c in enumerate(body) if fold_word(c) in "aeiouy"]
    shaped = [i for i in vowels if body[i] in "âêôăơư"]
    if not vowels:
        return None
    place = shaped[-1] if shaped else vowels[-2] if len(vowels) > 1 and body[-1] in "aeiouy" else vowels[-1]
    return unicodedata.normalize("NFC", body[: place + 1] + tone + body[place + 1 :])


def split_run(run: str, cost: Callable[[str], float]) -> list[str] | None:
    """Return the cheapest cut of folded letters typed without spaces into syllables, or None.

    `cost` prices one folded syllable; infinity forbids it.
    """
    unreached: tuple[float, tuple[str, ...]] = (float("inf"), ())
    best = [(0.0, unreached[1]), *[unreached] * len(run)]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 7), end):
            piece = run[start:end]
            price = best[start][0] + cost(piece)
            if price < best[end][0]:
                best[end] = (price, (*best[start][1], piece))
    price, pieces = best[-1]
    return list(pieces) if price < float("inf") else None


def deletions(word: str) -> Iterator[str]:
    """Yield the word and every form with one letter left out: the keys of an edit-distance-1 dictionary."""
    yield word
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
