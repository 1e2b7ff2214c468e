"""The cases of the example: one in every state, moved there step by step as officials and citizens do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import filing, handling, publishing, sipas
from bot.cases.drafts import Draft
from bot.cases.filing import Sender
from bot.cases.handling import Order
from bot.cases.model import CaseType, Result
from bot.cases.moves import Name, Party
from bot.cases.workflow import Given
from bot.cli.examples.officials import named
from bot.storage import cases, people
from bot.storage.cases import Case
from bot.storage.database import Transaction
from handlers.services import Services

INTAKE, HANDLER, LEADER = "mau-tiep-nhan", "mau-xu-ly", "mau-lanh-dao"
STEP = timedelta(hours=5)
CHANNELS = ("web", "telegram")


@dataclass(frozen=True, slots=True)
class Step:
    """One move and who makes it: an official by login name, or the citizen."""

    name: Name
    by: str
    given: Given = Given()


@dataclass(frozen=True, slots=True)
class Example:
    """One case: filed some days ago, then moved every few hours."""

    who: str
    days_ago: int
    type: CaseType
    text: str
    steps: tuple[Step, ...] = ()
    thon: str = ""
    landmark: str = ""
    marks: tuple[int, ...] = ()
    is_published: bool = False


CITIZEN = "citizen"
ACCEPT = Step(Name.ACCEPT, INTAKE)
GIVEN = (ACCEPT, Step(Name.ASSIGN, INTAKE, Given(assignee=HANDLER)))
BULBS = "Tổ điện đã thay ba bóng, tối qua đèn sáng trở lại. Cảm ơn ông/bà đã báo."
DONE = Step(Name.ANSWER, HANDLER, Given(text=BULBS, result=Result.DONE, evidence="Biên bản (mẫu)"))
TOLD_WHERE = Given(
    text="Cột điện cao thế do ngành điện quản lý. Xã đã gửi công văn, có trả lời xã báo ông/bà.",
    body="Điện lực (mẫu)",
    document="00/UBND-MẪU",
)
PARTLY = Given(
    text="Xã đã dọn đoạn ngoài đường lớn.", reason="Đoạn trong ngõ chờ máy, dự kiến tuần sau.", result=Result.PARTLY
)
EXAMPLES = (
    Example(
        "ông Giả Định (mẫu)",
        40,
        CaseType.FEEDBACK,
        "Đèn đường trước nhà văn hóa không sáng đã ba tối.",
        (*GIVEN, DONE, Step(Name.CLOSE, CITIZEN)),
        landmark="trước nhà văn hóa",
        marks=(5, 4, 5, 5, 4),
        is_published=True,
    ),
    Example(
        "bà Ví Như (mẫu)",
        33,
        CaseType.PROPOSAL,
        "Đề nghị kẻ vạch cho trẻ em qua đường trước cổng trường tiểu học.",
        (
            *GIVEN,
            Step(Name.ANSWER, HANDLER, Given(text="Xã đã kẻ vạch và đặt biển báo trước cổng.", result=Result.DONE)),
        ),
        landmark="cổng trường tiểu học",
        is_published=True,
    ),
    Example(
        "anh Chẳng Hạn (mẫu)",
        28,
        CaseType.FEEDBACK,
        "Rãnh nước sau chợ tắc, mưa là tràn ra đường.",
        (*GIVEN, Step(Name.ANSWER, HANDLER, PARTLY), Step(Name.OBJECT, CITIZEN, Given(text="Trong ngõ vẫn tràn."))),
        landmark="sau chợ",
    ),
    Example(
        "chị Minh Họa (mẫu)",
        24,
        CaseType.FEEDBACK,
        "Ổ gà to ở đầu cầu, xe máy đi đêm dễ ngã.",
        GIVEN,
        landmark="đầu cầu",
    ),
    Example(
        "ông Tạm Gọi (mẫu)",
        18,
        CaseType.FEEDBACK,
        "Cột điện cao thế nghiêng gần bờ ruộng, tôi lo đổ.",
        (Step(Name.TRANSFER, INTAKE, TOLD_WHERE),),
    ),
    Example(
        "bà Thử Xem (mẫu)",
        16,
        CaseType.PROPOSAL,
        "Đề nghị xã cấp cho mỗi nhà một thùng rác.",
        (
            Step(
                Name.REFUSE,
                INTAKE,
                Given(
                    reason="Chưa có trong dự toán.",
                    text="Năm nay xã chưa có khoản này. Ông/bà có thể nêu lại ở buổi họp thôn cuối năm.",
                ),
            ),
        ),
    ),
    Example(
        "anh Nháp Thôi (mẫu)",
        9,
        CaseType.FEEDBACK,
        "Loa phát thanh kêu rè, nghe không rõ.",
        (ACCEPT, Step(Name.ASK, INTAKE, Given(text="Ông/bà cho xã biết loa ở thôn nào, cột nào?"))),
    ),
    Example("cụ Hình Dung (mẫu)", 6, CaseType.QUESTION, "Lịch tiếp công dân tháng này có thay đổi không?", (ACCEPT,)),
    Example(
        "chị Giả Sử (mẫu)",
        5,
        CaseType.FEEDBACK,
        "Rác để lâu ở ngã ba, trời nắng có mùi.",
        GIVEN,
        landmark="ngã ba đầu làng",
    ),
    Example("em Đặt Tên (mẫu)", 4, CaseType.PRAISE, "Chị ở bộ phận một cửa hướng dẫn rất tận tình, tôi cảm ơn."),
    Example(
        "ông Ẩn Danh (mẫu)",
        3,
        CaseType.DENUNCIATION,
        "Tôi tố cáo một người làm sai (nội dung đặt ra để xem thử).",
    ),
    Example("bà Tưởng Như (mẫu)", 2, CaseType.FEEDBACK, "Gửi nhầm, tôi xin rút.", (Step(Name.WITHDRAW, CITIZEN),)),
    Example("anh Bịa Ra (mẫu)", 0, CaseType.SUGGESTION, "Nên treo bảng giờ làm việc to hơn ở cổng ủy ban."),
)


async def file(services: Services) -> None:
    """File every case on its day and move it to where it stands."""
    for place, example in enumerate(sorted(EXAMPLES, key=lambda example: -example.days_ago)):
        async with services.database.transaction() as transaction:
            await _live(transaction, example, CHANNELS[place % 2], services)


async def _live(transaction: Transaction, example: Example, channel: str, services: Services) -> None:
    at = services.now() - timedelta(days=example.days_ago, minutes=30)
    person = await people.recognise(transaction, channel, example.who, now=at)
    draft = Draft(
        type=example.type,
        text=example.text,
        name=example.who,
        thon=example.thon,
        landmark=example.landmark,
        may_publish=example.is_published,
    )
    case = await filing.file(transaction, draft, Sender(channel, person), services.desk, now=at)
    for step in example.steps:
        at = min(at + STEP, services.now())
        case = await _move(transaction, case, step, services, at)
    for factor, mark in zip(sipas.FACTORS, example.marks, strict=False):
        await cases.rate(transaction, case.id, factor, mark, now=at)
    if example.is_published:
        public, leader = publishing.suggested(case), await named(transaction, LEADER)
        await publishing.publish(transaction, case, public, leader, services.desk, now=at)


async def _move(transaction: Transaction, case: Case, step: Step, services: Services, at: datetime) -> Case:
    is_citizen = step.by == CITIZEN
    actor = Party.CITIZEN if is_citizen else await named(transaction, step.by)
    fresh = await cases.by_id(transaction, case.id)
    assert fresh is not None
    return await handling.carry_out(transaction, fresh, Order(step.name, actor, step.given), services.desk, now=at)
