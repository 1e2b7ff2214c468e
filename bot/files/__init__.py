"""Files that citizens and officials send: judged by their content, made harmless, kept on disk under their digest."""

from bot.files.keeping import Files
from bot.files.model import FileRefused, StoredFile, media_type_of
from bot.files.serving import DRAWN, headers

__all__ = ["DRAWN", "FileRefused", "Files", "StoredFile", "headers", "media_type_of"]
