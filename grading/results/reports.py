"""성적표: what a class and its students did, as reports that are drawn by `grading.sheet.report_pdf`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grading.key.asked_items import is_scored, key_of, points_at
from grading.models import Exam, Item
from grading.results.exports import results, status_text
from grading.results.grade_scales import SCALES, scales_of
from grading.results.item_analysis import item_analysis
from grading.results.result_book import grade_in
from grading.sheet.report_blocks import Bars, Block, Code, Column, Figures, Note, Table
from grading.sheet.report_pdf import Report, draw_reports

ITEMS_ACROSS, ANSWERS_ACROSS = 4, 3
Row = Mapping[str, Any]  # of grading.results.exports.results
Links = Mapping[int, str]  # paper → where its student sees it
NO_LINKS: Links = MappingProxyType({})


def write_class_report(*, exam: Exam, out: BinaryIO, class_name: str = "") -> None:
    """The list of a class, or of all that sat the exam. Raises ValidationError where there is nobody."""
    rows = [row for row in results(exam) if row["class_name"] == class_name or not class_name]
    if not rows:
        raise ValidationError(_("There are no papers to report yet."))
    draw_reports([class_report(exam, rows, item_analysis(exam), class_name)], out)


def write_student_reports(
    *,
    exam: Exam,
    out: BinaryIO,
    papers: Sequence[int] | None = None,
    class_name: str = "",
    links: Links = NO_LINKS,
) -> None:
    """A report a student: of these papers, or of all that have a student. Raises ValidationError where nobody has."""
    rows = [row for row in results(exam) if row["paper"] is not None]
    if papers is not None:
        chosen = [row for row in rows if row["paper"] in papers]
    else:
        named = [row for row in rows if row["student"]] or rows
        chosen = [row for row in named if row["class_name"] == class_name or not class_name]
    if not chosen:
        raise ValidationError(_("There are no papers to report yet."))
    found, items = item_analysis(exam), list(exam.items.all())
    draw_reports([student_report(exam, row, rows, found, items, links) for row in chosen], out)


def class_report(exam: Exam, rows: Sequence[Row], found: dict[str, Any], class_name: str) -> Report:
    blocks: list[Block] = [Figures(figures_of(rows)), bars_of(found, rows if class_name else None)]
    blocks.append(score_table(exam, rows))
    if found["items"]:
        blocks.append(difficulty_table(found))
    return Report(exam.title, _("Class report"), " · ".join(filter(None, [class_name, today()])), blocks)


def today() -> str:
    return date_format(timezone.localdate(), "DATE_FORMAT")


def settled_scores(rows: Iterable[Row]) -> list[float]:
    return [row["score"] for row in rows if row["rank"] is not None]


def mean_text(scores: Sequence[float]) -> str:
    return f"{sum(scores) / len(scores):.1f}" if scores else "–"


def figures_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    scores = settled_scores(rows)
    return [
        (_("Papers"), str(sum(row["paper"] is not None for row in rows))),
        (_("Mean"), mean_text(scores)),
        (_("Highest"), f"{max(scores):g}" if scores else "–"),
        (_("Lowest"), f"{min(scores):g}" if scores else "–"),
        (_("Max score"), f"{max((row['max_score'] or 0 for row in rows), default=0):g}"),
    ]


def bars_of(found: dict[str, Any], rows: Sequence[Row] | None = None, own: float | None = None) -> Bars:
    """The histogram of the exam, or of these rows in its classes; `own`: a score whose bar is marked."""
    edges = [(bar["from"], bar["to"]) for bar in found["histogram"]]
    counts = [bar["count"] for bar in found["histogram"]]
    if rows is not None:
        places = [place_of(score, edges) for score in settled_scores(rows)]
        counts = [places.count(place) for place in range(len(edges))]
    bars = [(f"{low:g}–{high:g}", count) for (low, high), count in zip(edges, counts, strict=True)]
    return Bars(_("Scores"), bars, None if own is None else place_of(own, edges))


def place_of(score: float, edges: Sequence[tuple[float, float]]) -> int:
    """The class of the histogram; the last has its upper edge, too."""
    return next((place for place, (_low, high) in enumerate(edges) if score < high), len(edges) - 1)


def score_table(exam: Exam, rows: Sequence[Row]) -> Table:
    """In the order of numbers; columns that say something."""
    has_classes = any(row["class_name"] for row in rows)
    columns: list[tuple[Column, Callable[[Row], str]]] = [
        (Column(_("Number"), 3), lambda row: row["student"]),
        (Column(_("Name"), 5), lambda row: row["name"]),
        (Column(_("Class"), 3), lambda row: row["class_name"]),
        (Column(_("Score"), 3, "right"), score_text),
        (Column(_("Percent"), 2.5, "right"), percent_text),
        (Column(_("Rank"), 3, "right"), lambda row: rank_text(row["rank"], row["ranked"])),
        (
            Column(_("Rank in class"), 3, "right"),
            lambda row: rank_text(row["class_rank"], row["class_ranked"]),
        ),
        (
            Column(_("Status"), 3, "right"),
            plain_status,
        ),
    ]
    if not has_classes:
        columns = [columns[at] for at in (0, 1, 3, 4, 5, 7)]
    columns[-1:-1] = [
        (Column(str(SCALES[scale]), 2.5, "right"), partial(grade_text, scale)) for scale in scales_of(exam)
    ]
    cells = [[value(row) for _column, value in columns] for row in rows]
    return Table(_("Students"), [column for column, _value in columns], cells)


def plain_status(row: Row) -> str:
    """Of a graded paper nothing needs to be said."""
    return "" if row["status"] == "graded" and not row["state_text"] else status_text(dict(row))


def score_text(row: Row) -> str:
    return "–" if row["score"] is None else f"{row['score']:g} / {row['max_score']:g}"


def percent_text(row: Row) -> str:
    return (
        f"{100 * row['score'] / row['max_score']:.0f} %"
        if row["score"] is not None and row["max_score"]
        else "–"
    )


def grade_text(scale: str, row: Row) -> str:
    grade = grade_in(scale, dict(row))
    return "–" if grade is None else str(grade)


def rank_text(rank: int | None, of: int | None) -> str:
    return "–" if rank is None else f"{rank} / {of}"


def difficulty_table(found: dict[str, Any]) -> Table:
    """How much of its points each item brought."""
    columns = [
        Column(_("Item"), 2),
        Column(_("Difficulty"), 2, "right"),
        Column(_("Discrimination"), 2, "right"),
    ]
    cells = [
        [item["name"], *(number_text(item[one]) for one in ("difficulty", "point_biserial"))]
        for item in found["items"]
    ]
    return Table(_("Items"), columns, cells, ITEMS_ACROSS)


def number_text(number: float | None) -> str:
    return "–" if number is None else f"{number:.2f}"


def student_report(
    exam: Exam, row: Row, rows: Sequence[Row], found: dict[str, Any], items: Sequence[Item], links: Links
) -> Report:
    who = " · ".join(filter(None, [row["student"], row["name"], row["class_name"]]))
    blocks: list[Block] = [Figures(own_figures(row, rows))]
    if exam.grades:
        blocks.append(Figures([(str(SCALES[scale]), grade_text(scale, row)) for scale in scales_of(exam)]))
    if row["status"] == "review":
        blocks.append(Note(_("Not settled yet: something on this paper waits for a person.")))
    blocks += [bars_of(found, own=row["score"]), answer_table(row, items)]
    if row["paper"] in links:
        blocks.append(Code(links[row["paper"]], _("Your paper, and where to ask if something looks wrong.")))
    return Report(exam.title, _("Score report"), who or _("Without a student"), blocks)


def own_figures(row: Row, rows: Sequence[Row]) -> list[tuple[str, str]]:
    class_scores = settled_scores(one for one in rows if one["class_name"] == row["class_name"])
    figures = [(_("Score"), score_text(row)), (_("Percent"), percent_text(row))]
    figures.append((_("Rank"), rank_text(row["rank"], row["ranked"])))
    if row["class_name"]:
        figures.append((_("Rank in class"), rank_text(row["class_rank"], row["class_ranked"])))
        figures.append((_("Mean of the class"), mean_text(class_scores)))
    return [*figures, (_("Mean"), mean_text(settled_scores(rows)))]


def answer_table(row: Row, items: Sequence[Item]) -> Table:
    """Item by item what she answered, what is right, and what it brought."""
    columns = [
        Column(_("Item"), 2),
        Column(_("Answer"), 3),
        Column(_("Key"), 3),
        Column("○×", 1, "center"),
        Column(_("Score"), 2.4, "right"),
    ]
    cells = [answer_cells(row, item) for item in items]
    wrong = frozenset(place for place, one in enumerate(cells) if one[3] == "×")
    return Table(_("Answers"), columns, cells, ANSWERS_ACROSS, wrong)


def answer_cells(row: Row, item: Item) -> list[str]:
    answer = row["answers"].get(str(item.number))
    value = answer["value"] if answer else ""
    version, points = row["version"], answer["points"] if answer else 0
    most, is_open = points_at(item, version), item.kind == "open"
    return [
        str(item),
        ("" if is_open else value) or "–",
        key_of(item, version),
        sign_of(points, most) if is_scored(item, version) else "",
        f"{points:g} / {most:g}",
    ]


def sign_of(points: float, most: float) -> str:
    """As Korean teachers mark: right, partly right, wrong."""
    return "○" if points >= most else "△" if points > 0 else "×"
