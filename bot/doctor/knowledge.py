"""The knowledge base: faults, entries that have run out, and whether it was learned after the last edit."""

from datetime import datetime
from pathlib import Path

from bot.doctor.findings import Finding, broken, look, well
from knowledge import learning, loading
from knowledge.answering import Calibration
from knowledge.corpus import documents
from knowledge.search import Index, lessons

WHAT = "kho kiến thức"
MOST_TOLD = 5


def examine(now: datetime, home: Path = loading.HOME) -> list[Finding]:
    """Return what is found about a knowledge base."""
    library, faults = loading.load_with_faults(home)
    if faults:
        told = "; ".join(faults[:MOST_TOLD])
        return [broken(WHAT, f"{len(faults)} lỗi: {told}", "sửa; motcua knowledge check liệt kê đủ")]
    found = [well(WHAT, f"{len(library.entries)} mục, không có lỗi")]
    expired = [entry.id for entry in loading.expired(library, now.date())]
    if expired:
        told = f"{len(expired)} mục ngoài hiệu lực nên không được dùng: {', '.join(expired[:MOST_TOLD])}"
        found.append(look(f"{WHAT}: hiệu lực", told, "xem lại valid_from, valid_until của các mục ấy"))
    index = Index(documents(library), library.lexicon, weights=Calibration.load().weights)
    taught = lessons(library, index)
    if learning.digest(taught) != learning.Learned.load(home / learning.PATH.name).digest:
        told = "đã sửa sau lần học gần nhất; câu hỏi vẫn được trả lời nhưng kém chắc hơn"
        found.append(look(f"{WHAT}: đã học", told, "chạy motcua knowledge learn rồi chạy lại chương trình"))
    return found
