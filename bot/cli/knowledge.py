"""`motcua knowledge`: checking, measuring and trying the knowledge base."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

from bot import clock
from bot.cases import sorting
from bot.curation import exchange
from knowledge import evaluation, learning, loading
from knowledge.answering import Assistant, Calibration
from knowledge.corpus import documents
from knowledge.entry import Facet
from knowledge.loading import KnowledgeError
from knowledge.search import Index, lessons

QUESTIONS = loading.HOME / "questions"
MOST_CONFUSED = 40
AFTER_IMPORT = "Chạy motcua knowledge learn, rồi dừng và chạy lại chương trình để dùng nội dung mới."

T = TypeVar("T")


@click.group()
def knowledge() -> None:
    """Kho kiến thức."""


@knowledge.command()
def check() -> None:
    """Kiểm tra mọi tệp, báo tất cả lỗi một lần."""
    library, faults = loading.load_with_faults()
    faults += [
        f"{entry.id}: hết hiệu lực hoặc chưa có hiệu lực (valid_from, valid_until)"
        for entry in loading.expired(library, clock.now().date())
    ]
    if faults:
        raise KnowledgeError([*faults, f"{len(faults)} lỗi trong {len(library.entries)} mục"])
    click.echo(f"{len(library.entries)} mục, không có lỗi.")


@knowledge.command()
@click.argument("question")
@click.option("--limit", default=10, help="Số kết quả.")
def search(question: str, limit: int) -> None:
    """Xem các mục gần nhất với một câu hỏi, cả những mục bị loại, kèm điểm."""
    assistant = Assistant(loading.load(today=clock.now().date()))
    found = assistant.index.search(question, limit=limit)
    answer = assistant.answer(question)
    kept = {answer.entry, *answer.alternatives}
    click.echo("đọc là: " + " ".join(word.folded + ("" if word.known else "(?)") for word in found.words))
    click.echo(f"kết luận: {answer.outcome} {answer.entry or ''} {answer.facet or ''}")
    for hit in found.hits:
        mark = "chọn" if hit.owner in kept else "loại"
        click.echo(f"{hit.score:.3f}  {mark}  {hit.owner:40} gần {hit.near:.2f}  “{hit.best}”")


@knowledge.command("export")
@click.argument("file", type=click.Path(path_type=Path))
def export_entries(file: Path) -> None:
    """Xuất mọi mục ra tệp Excel (.xlsx) hoặc .json mới để sửa."""
    count = _exchanged(lambda: exchange.export(loading.load().entries.values(), file))
    click.echo(f"Đã xuất {count} mục ra {file}.")


@knowledge.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_entries(file: Path) -> None:
    """Nhập các mục đã sửa từ tệp .xlsx hoặc .json; có lỗi thì báo hết và không ghi gì."""
    taken = _exchanged(lambda: exchange.take_in(exchange.read(file), today=clock.now().date()))
    for told, ids in (("mới", taken.added), ("sửa", taken.changed)):
        for entry in ids:
            click.echo(f"{told}  {entry}")
    counts = f"{len(taken.added)} mục mới, {len(taken.changed)} mục sửa, {len(taken.same)} mục không đổi"
    click.echo(f"{counts}." + (f" {AFTER_IMPORT}" if taken.added or taken.changed else ""))


def _exchanged(work: Callable[[], T]) -> T:
    try:
        return work()
    except exchange.ExchangeError as error:
        raise click.UsageError(str(error)) from error


@knowledge.command()
def learn() -> None:
    """Học lại từ các cách hỏi và các tin mẫu sau khi sửa (cần gói scikit-learn)."""
    library = loading.load()
    rows = documents(library)
    index = Index(rows, library.lexicon, weights=Calibration.load().weights)
    try:
        learned = learning.learn(lessons(library, index), index.idf)
        sorted_by = sorting.learn(library)
    except ImportError as error:
        raise click.UsageError("cần scikit-learn: pip install 'motcua[learn]'") from error
    learned.save()
    sorted_by.save(sorting.LEARNED)
    click.echo(f"đã học {len(learned.bias)} mục từ {len(rows)} câu, ghi {learning.PATH.name}")
    click.echo(f"đã học {len(sorted_by.bias)} loại tin của người dân, ghi {sorting.LEARNED.name}")


@knowledge.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--wrong", is_flag=True, help="In từng câu sai.")
def evaluate(files: tuple[Path, ...], wrong: bool) -> None:
    """Đo độ đúng trên các tệp câu hỏi (mặc định: knowledge/questions/*.jsonl)."""
    try:
        conversations = evaluation.load(files or sorted(QUESTIONS.glob("*.jsonl")))
    except (OSError, ValueError) as error:
        raise click.UsageError(str(error)) from error
    report = evaluation.evaluate(Assistant(loading.load(today=clock.now().date())), conversations)
    _print_slices(report)
    _print_facets(report)
    click.echo("\nhay nhầm nhất (mong đợi -> trả lời):")
    for (expected, got), count in report.confused.most_common(MOST_CONFUSED):
        click.echo(f"{count:4}  {expected[:90]} -> {got}")
    if wrong:
        _print_wrong(report.judged)


def _print_slices(report: evaluation.Report) -> None:
    click.echo(f"{'':44}{'câu':>6}{'đúng':>9}{'có chọn':>9}{'sai chắc':>9}")
    for name, tally in sorted(report.slices.items()):
        shares = "".join(f"{100 * n / tally.asked:8.1f}%" for n in (tally.right, tally.offered, tally.wrong))
        click.echo(f"{name:44}{tally.asked:6}{shares}")


def _print_facets(report: evaluation.Report) -> None:
    rows = [(f, report.facets[f"{f} asked"], report.facets[f"{f} right"]) for f in Facet]
    asked, right = sum(a for _, a, _ in rows), sum(r for _, _, r in rows)
    if asked:
        click.echo(f"\nđúng phần được hỏi: {right}/{asked} = {100 * right / asked:.1f}%")
        click.echo("  " + "  ".join(f"{f} {r}/{a}" for f, a, r in rows if a))


def _print_wrong(judged: Iterable[evaluation.Judged]) -> None:
    for j in judged:
        if j.right and j.facet_right is not False:
            continue
        got = j.answer.entry or ", ".join(j.answer.alternatives)
        mark = "FACET" if j.right else "SAI" if j.wrong else "-"
        wanted = f"{'|'.join(sorted(j.asked.expect)) or j.asked.outcome} {j.asked.facet or ''}"
        click.echo(f"{mark:5} {j.answer.score:.2f} {j.asked.say}")
        click.echo(f"      {wanted} <> {j.answer.outcome} {got} {j.answer.facet or ''}")
