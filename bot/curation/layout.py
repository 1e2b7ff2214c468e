"""The sheets of a workbook of entries: their names, columns and the values to choose from."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from bot import texts
from knowledge.entry import Confidence, Facet, HandledBy, Kind


class Form(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the key it stands for, how wide; the values to choose from, where there are any."""

    heading: str
    key: str
    width: int = 16
    form: Form = Form.TEXT
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its columns; the first always names the entry."""

    name: str
    columns: tuple[Column, ...]


@cache
def facet_names() -> Mapping[str, str]:
    """Return each facet's name as citizens read it."""
    return dict(texts.sentences()["facets"])


ID = Column("Mã mục", "id", 26)
ASKED, NAMED = "cách hỏi", "tên gọi"
ENTRIES, ASKING, LINES = "Mục", "Cách hỏi", "Nội dung"
ROWS = {"documents": "Giấy tờ", "codes": "Mã thủ tục", "to_verify": "Cần xác minh", "sources": "Nguồn"}


def layout() -> tuple[Sheet, ...]:
    parts = tuple(facet_names()[facet] for facet in Facet)
    part = Column("Phần", "facet", 20, choices=parts)
    lines = tuple(name for name in parts if name != facet_names()[Facet.DOCUMENTS])
    return (
        Sheet(ENTRIES, (
            ID, Column("Tên", "title", 44), Column("Loại", "kind", 12, choices=tuple(Kind)),
            Column("Lĩnh vực", "field", 20), Column("Bên giải quyết", "handled_by", 14, choices=tuple(HandledBy)),
            Column("Nơi giải quyết", "authority", 40), Column("Độ chắc", "confidence", 10, choices=tuple(Confidence)),
            Column("Ngày xem lại", "reviewed_on", 13, Form.DAY), Column("Có hiệu lực từ", "valid_from", 13, Form.DAY),
            Column("Hết hiệu lực", "valid_until", 13, Form.DAY), Column("Mục liên quan", "related", 50),
        )),
        Sheet(ASKING, (ID, Column("Là", "as", 11, choices=(ASKED, NAMED)), Column("Câu", "text", 90))),
        Sheet(LINES, (ID, Column("Phần", "facet", 20, choices=lines), Column("Dòng", "text", 110))),
        Sheet(ROWS["documents"], (
            ID, Column("Giấy tờ", "paper", 60), Column("Của ai", "who", 26), Column("Khi nào", "when", 40),
            Column("Ghi chú", "note", 50),
        )),
        Sheet(ROWS["codes"], (
            ID, Column("Mã quốc gia", "code"), Column("Từ ngày", "from", 13, Form.DAY),
            Column("Đến ngày", "until", 13, Form.DAY),
        )),
        Sheet(ROWS["to_verify"], (ID, part, Column("Điều cần xác minh", "what", 100))),
        Sheet(ROWS["sources"], (
            ID, Column("Nguồn", "title", 70), Column("Ngày của bản chép", "as_of", 18, Form.DAY),
            Column("Địa chỉ trang", "url", 60),
        )),
    )  # fmt: skip


GUIDE = (
    "Mỗi mục là một dòng ở trang “Mục”; các trang sau nối với mục bằng cột “Mã mục”. Giữ nguyên tên trang và tên cột.",
    "Mỗi ô là một dòng chữ mà người dân đọc; thứ tự dòng là thứ tự hiện ra. Xóa dòng là xóa ý ấy.",
    "Thêm mục: thêm một dòng ở “Mục” với mã mới (chữ thường không dấu, số, gạch nối), rồi thêm dòng ở các trang khác.",
    "Bỏ một mục khỏi tệp này không xóa mục ấy trong kho: muốn xóa thì xóa tệp .toml của nó.",
    "Mục đầy đủ cần ít nhất 12 cách hỏi, mục ngắn (brief) 5; một cách hỏi không được ở hai mục.",
    "Loại: procedure thủ tục, guide hướng dẫn, concept khái niệm, office cơ quan, plan kế hoạch, bot trợ lý; "
    "brief là mục ngắn.",
    "Độ chắc: high, medium, low, theo điều yếu nhất trong mục. Ngày viết như 22/11/2026.",
    "Mục liên quan: mã các mục gần nhất, cách nhau bằng dấu phẩy, nhiều nhất 6.",
    "Sửa xong: motcua knowledge import TỆP; có lỗi thì chương trình liệt kê hết và không ghi gì.",
)
