"""The nouns of a feedback case: its type, its state, what became of it."""

from enum import StrEnum


class CaseType(StrEnum):
    """What a citizen sends; which law applies hangs on it."""

    QUESTION = "hoi_dap"
    FEEDBACK = "phan_anh"  # phản ánh: Luật Tiếp công dân 2013 Điều 2(2); NĐ 20/2008/NĐ-CP Điều 3, 5
    PROPOSAL = "kien_nghi"
    SUGGESTION = "gop_y"
    PRAISE = "khen_ngoi"
    INITIATIVE = "sang_kien"
    GOOD_EXAMPLE = "dien_hinh"
    COMPLAINT = "khieu_nai"  # guided to formal filing, never a case: Luật Khiếu nại 2011 Điều 8
    DENUNCIATION = "to_cao"  # confidential: Luật Tố cáo 2018 Điều 9, 22, 25


class State(StrEnum):
    """Where a case stands."""

    NEW = "moi"
    NEEDS_MORE = "can_bo_sung"  # the citizen was asked; the clock pauses
    ACCEPTED = "da_tiep_nhan"
    IN_PROGRESS = "dang_xu_ly"
    TRANSFERRED = "da_chuyen"
    REFUSED = "tu_choi"
    ANSWERED = "da_tra_loi"
    REOPENED = "chua_xong"  # the citizen said "chưa xong": a second review with its own deadline
    CLOSED = "dong"


class Result(StrEnum):
    """What became of the matter, said when it is answered."""

    DONE = "da_xong"
    PARTLY = "mot_phan"
    NOT_DONE = "khong_lam_duoc"  # with the reason
    NOT_OURS = "khong_thuoc_xa"


class Entrance(StrEnum):
    """How a case came in, when not through a chat channel: counter mode."""

    COUNTER = "truc_tiep"
    PHONE = "dien_thoai"
    LETTER = "don_thu"


FINISHED = frozenset({State.TRANSFERRED, State.REFUSED, State.ANSWERED, State.CLOSED})
OPEN = frozenset(State) - FINISHED
