"""Files that citizens and officials send: judged by their content, made harmless, kept on disk under their digest."""

from bot.files.keeping import Files
from bot.files.model import FileRefused, StoredFile
from bot.files.serving import headers

__all__ = ["FileRefused", "Files", "StoredFile", "headers"]
