"""How a kept file is handed out, the same on every page."""

from urllib.parse import quote

from bot.files.model import StoredFile

DRAWN = ("image/jpeg", "image/png")  # by us, pixel by pixel (bot.files.pictures)


def headers(file: StoredFile) -> dict[str, str]:
    """Return the response headers for a kept file: shown if we drew it, else only saved; nothing in it ever runs."""
    shown = "inline" if file.media_type in DRAWN else "attachment"
    return {
        "content-type": file.media_type,
        "content-disposition": f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "private, max-age=3600",
    }
