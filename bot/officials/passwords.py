"""Passwords: which are good enough, and how they are kept."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from bot.officials.refused import Refused
from knowledge.vietnamese import fold

LEAST = 14  # TCVN 14423:2026: 14 characters or more where there is no second factor; one rule for all accounts
MOST = 200
LEAST_LEFT = 6  # letters that are not part of the name or of what everybody tries first
SHORT_NAME = 4  # shorter names stand inside ordinary words
AT_ONCE = 2  # each hash takes 64 MiB and one core for some 50 ms

OBVIOUS = ("matkhau", "password", "quantri", "admin", "motcua", "uybannhandan", "ubnd", "congan", "vietnam", "qwerty")
OBVIOUS_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "98765432109", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUN = 4


def check(password: str, name: str) -> None:
    """Raise Refused, with the remedy, when a password is too weak for the account of this name."""
    if len(password) < LEAST:
        raise Refused(f"Mật khẩu cần ít nhất {LEAST} ký tự. Dễ nhớ nhất là ghép bốn, năm từ.", field="password")
    if len(password) > MOST:
        raise Refused(f"Mật khẩu dài nhất {MOST} ký tự.", field="password")
    plain, own = _plain(password), _plain(name)
    if len(own) >= SHORT_NAME and own in plain:
        raise Refused("Mật khẩu không được chứa tên đăng nhập.", field="password")
    if len(set(_without_obvious(plain, own))) < LEAST_LEFT:
        raise Refused("Mật khẩu này dễ đoán. Xin chọn những từ không ai nghĩ tới.", field="password")


def _plain(text: str) -> str:
    """Return only the letters and digits, lower-case, without Vietnamese marks."""
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _without_obvious(plain: str, own: str) -> str:
    for word in (*OBVIOUS, own):
        plain = plain.replace(word, "")
    for run in OBVIOUS_RUNS:
        for start in range(len(run) - RUN + 1):
            plain = plain.replace(run[start : start + RUN], "")
    return plain


class Passwords:
    """Hashes and compares passwords with Argon2id, off the event loop and a few at a time; never in a transaction."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._decoy = self._hasher.hash("")
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """Return what may be kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, _composed(password))

    async def matches(self, password: str, known: str | None) -> bool:
        """Tell whether a password is the one whose hash is known. With none known it is as much work, and False."""
        async with self._turns:
            return (
                await asyncio.to_thread(self._verify, known or self._decoy, _composed(password)) and known is not None
            )

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False


def _composed(password: str) -> str:
    """Return the password in one form: keyboards differ in how they compose ế (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password[: MOST + 1])
