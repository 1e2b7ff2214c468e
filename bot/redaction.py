"""Masks what identifies a person before a question is stored or logged."""

import re

# Căn cước has 12 digits, chứng minh nhân dân 9; phones 10 or +84 and 9; bank accounts 9 to 19. Spaces, dots and
# hyphens may stand between the digits. Procedure codes (1.001193) and sums of money have fewer and stay readable.
_NUMBER = re.compile(r"\+?\d(?:[ .\-]?\d){8,}")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_SECRET = re.compile(r"(?i)((?:mật khẩu|mat khau|password|otp|mã xác thực|ma xac thuc)\s*(?:là|la|:|=)?\s*)\S+")


def redact(text: str) -> str:
    """Return `text` with ID, phone and account numbers, e-mail addresses and passwords masked."""
    masked = _SECRET.sub(r"\1[đã che]", text)
    masked = _EMAIL.sub("[thư điện tử đã che]", masked)
    return _NUMBER.sub("[số đã che]", masked)


# In a log stand moments, paths and counts too, which `redact` would take for numbers: here only what has the length and
# the beginning of a phone number, or the length of an ID number in one piece.
_IN_LOGS = re.compile(r"(?<![\w.-])(?:(?:\+?84|0)(?:[ .\-]?\d){9,10}|\d{12}|\d{9})(?![\w-])")


def redact_log(line: str) -> str:
    """Return a line of a log with phone numbers, ID numbers and e-mail addresses masked."""
    return _IN_LOGS.sub("[số đã che]", _EMAIL.sub("[thư điện tử đã che]", line))
