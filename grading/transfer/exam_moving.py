"""A well-formed exam of another site becomes one of ours: each part is held against the sheet, points are worked out
anew. Call `store_exam` within the job's finishing(): all of it is stored, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.key.items import check_points, check_printable, clean_items
from grading.key.orders import orders_from, shuffle
from grading.key.rules import MOST, clean_marking
from grading.key.template_items import items_from
from grading.models import (
    Answer,
    Candidate,
    Correction,
    Exam,
    Item,
    ItemKind,
    PageCells,
    Paper,
    Scan,
    ScanPage,
    SheetLayout,
)
from grading.models.exams import new_code
from grading.papers.scores import points_of, settle
from grading.reading.template_files import store_template
from grading.services import READ_SCAN, replace_roster
from grading.sheet.layout import Layout
from grading.sheet.scan_files import check_scan_file
from grading.transfer.exam_export import CELLS, picture_name, upload_name
from grading.transfer.exam_import import BROKEN, MovedExam
from grading.transfer.moved_shapes import check_layout, fits, refuse
from jobs.claims import Rejected
from jobs.models import Job, Status
from registry.models import ModelVersion
from school.roster.rows import RosterRow
from uploads.problems import BadFile
from web.files import folder_goes_with_row
from web.parsers import parsed_number

Place = tuple[int, int, int]  # scan, page, part


@dataclass
class Storing:
    """An exam while it is stored."""

    exam: Exam
    moved: MovedExam
    items: dict[int, Item] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    pages: dict[Place, ScanPage] = field(default_factory=dict)


def store_exam(moved: MovedExam, owner: User) -> Exam:
    """Raises Rejected."""
    about = dict(moved.exam["about"])
    if Exam.with_trashed.filter(code=about["code"]).exists():
        about["code"] = new_code()  # sheets of the other one stay its own
    exam = Exam(owner=owner, **about)
    try:
        rows = rows_of(exam, moved)
        exam.save()
        with folder_goes_with_row(exam.folder):
            store_parts(Storing(exam, moved), rows)
    except ValidationError as problem:
        raise Rejected(BROKEN["exam"]) from problem
    record(actor=owner, verb=Verb.CREATED, row=exam)
    return exam


def rows_of(exam: Exam, moved: MovedExam) -> list[Item]:
    """Unsaved. Raises ValidationError."""
    given = {item["number"]: item for item in moved.exam["items"]}
    if moved.template is None:
        rows = [Item(**item) for item in clean_items(map(without_name, moved.exam["items"]))]
        check_printable(exam, rows)
    else:
        rows = [Item(**fields) for fields in items_from(moved.template.template)]
        refuse("exam", [row.number for row in rows] != sorted(given) or exam.versions != 1)
        for row in rows:
            for name in ("answer", "any_of", "points"):
                setattr(row, name, given[row.number][name])
            row.marking = template_rule(row, given[row.number].get("marking") or {})
    check_points(rows)
    for rubric in moved.exam["rubrics"]:
        put_rubric({row.number: row for row in rows}.get(rubric["item"]), rubric["rows"])
    exam.orders = orders_from(moved.exam["orders"], rows, exam.versions)
    shuffle(rows, exam.orders, exam.versions)
    return rows


def without_name(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "name"}


def template_rule(row: Item, given: Any) -> dict[str, Any]:
    """With the values that have points of their own. Raises ValidationError."""
    asked = {"number": row.number, "name": row.name, "kind": row.kind, "options": row.options}
    rule = clean_marking(asked, given)
    accepted = given.get("accepted")
    if accepted is None:
        return rule
    refuse("exam", not isinstance(accepted, dict))
    numbers = [one for one in accepted.values() if type(one) in (int, float) and abs(one) <= MOST]
    refuse("exam", len(numbers) < len(accepted))
    return {**rule, "accepted": accepted}


def put_rubric(row: Item | None, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises ValidationError."""
    refuse("exam", row is None or row.kind != ItemKind.OPEN or len({one["mark"] for one in rows}) < len(rows))
    assert row is not None
    # More than the item's points is what rows are worth whose item got fewer since
    row.rubric = [{**one, "note": one["note"].strip()} for one in rows]


def store_parts(to: Storing, rows: Sequence[Item]) -> None:
    exam = to.exam
    if to.moved.template is not None:
        exam.template = store_template(exam, to.moved.template)
        exam.template["is_drawn"] = to.moved.exam["template"]["is_drawn"]
        if sheet := to.moved.files.get("template/sheet.jpg"):
            path = f"{exam.folder}/template/sheet.jpg"
            exam.template["sheet"] = default_storage.save(path, ContentFile(sheet.read_bytes()))
        exam.save(update_fields=["template"])
    for row in rows:
        row.exam = exam
    to.items = {row.number: row for row in Item.objects.bulk_create(rows)}
    for one in to.moved.exam["layouts"]:
        check_layout(one["content"])
        SheetLayout.objects.get_or_create(exam=exam, key=one["key"], defaults={"content": one["content"]})
    exam.stored_layout()
    store_roster(exam, to.moved.exam["roster"])
    for given in to.moved.papers:
        refuse("papers", given["version"] > exam.versions)
        known = {name: given[name] for name in ("number", "version", "doubts", "accepted")}
        to.papers.append(Paper.objects.create(exam=exam, **known))
    for at, scan in enumerate(to.moved.scans):
        store_scan(to, at, scan)
    check_places(to)
    for paper, moved in zip(to.papers, to.moved.papers, strict=True):
        store_answers(to, paper, moved["answers"])
        store_corrections(to, paper, moved["corrections"])
    settle(exam, to.papers)
    for paper in to.papers:
        paper.told_score = paper.score
    Paper.objects.bulk_update(to.papers, ["told_score"], 500)


def store_roster(exam: Exam, given: Sequence[Mapping[str, Any]]) -> None:
    """With what counts of those who do not sit it. Raises ValidationError."""
    refuse("exam", len({row["number"] for row in given}) < len(given))
    if not given:
        return
    rows = [RosterRow(row["number"], row["name"], row["class_name"]) for row in given]
    candidates = {one.number: one for one in replace_roster(exam=exam, rows=rows)}
    for row in given:
        is_recognised = row["state"] == Candidate.State.RECOGNISED
        refuse("exam", is_recognised != (row["recognised_score"] is not None))
        candidate = candidates[row["number"]]
        candidate.state, candidate.recognised_score = row["state"], row["recognised_score"]
    Candidate.objects.bulk_update(candidates.values(), ["state", "recognised_score"], 500)


def store_scan(to: Storing, at: int, given: Mapping[str, Any]) -> None:
    now = timezone.now()
    job = Job.objects.create(
        owner=to.exam.owner, task=READ_SCAN, status=Status.DONE, progress=100, ended_at=now, sent_at=now
    )
    scan = Scan.objects.create(
        job=job, exam=to.exam, if_there=given["if_there"], created_at=given["created_at"]
    )
    scan.readers.set(ModelVersion.objects.filter(sha256__in=given["readers"]))
    scan.files = [store_upload(to, scan, at, place, file) for place, file in enumerate(given["files"])]
    scan.save(update_fields=["files"])
    job.size = sum(default_storage.size(file["path"]) for file in scan.files if "path" in file) or None
    job.save(update_fields=["size"])
    to.scans.append(scan)
    for page in given["pages"]:
        place = (at, page["page"], page["part"])
        refuse("scans", place in to.pages)
        to.pages[place] = store_page(to, scan, place, dict(page))


def store_upload(to: Storing, scan: Scan, at: int, place: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the file is says its content."""
    if "problem" in given:
        return {"name": given["name"], "problem": given["problem"]}
    source = to.moved.files.get(upload_name(at, place))
    refuse("pictures", source is None)
    assert source is not None
    with source.open("rb") as file:
        try:
            kind, pages = check_scan_file(file)
        except BadFile as problem:
            raise Rejected(BROKEN["pictures"]) from problem
        file.seek(0)
        path = default_storage.save(f"{scan.folder}/uploads/{place:04d}.{kind}", File(file))
    return {"name": given["name"], "kind": kind, "pages": given.get("pages", pages), "path": path}


def store_page(to: Storing, scan: Scan, place: Place, given: dict[str, Any]) -> ScanPage:
    at, kept = given.pop("paper"), given.pop("kept")
    refuse("scans", at is not None and at >= len(to.papers))
    page = ScanPage(scan=scan, paper=None if at is None else to.papers[at], **given)
    is_filed = not page.is_rejected
    sheet = to.exam.layout.pages
    refuse("scans", page.sheet_page is not None and page.sheet_page > len(sheet))
    refuse("scans", is_filed and (page.paper is None or page.sheet_page is None))
    cells = to.moved.cells.get(place)
    refuse("cells", is_filed and page.placed != ScanPage.Placed.NOT and cells is None)
    for name in {"page", kept} - {""}:
        source = to.moved.files.get(picture_name(*place, name))
        refuse("pictures", name == kept and source is None)
        if source is not None:
            path = scan.image_name(page.page, page.part, name)
            default_storage.save(path, ContentFile(source.read_bytes()))
            page.image = path if name == kept else page.image
    page.save()
    if cells is not None:
        refuse("cells", page.sheet_page is None or not fits(cells, sheet[page.sheet_page - 1]))
        PageCells.objects.create(page=page, **{name: cells[name] for name in CELLS})
    return page


def check_places(to: Storing) -> None:
    """A paper has each page of the sheet once, and at least one."""
    filed = [(page.paper_id, page.sheet_page) for page in to.pages.values() if not page.is_rejected]
    refuse("papers", len(set(filed)) < len(filed))
    refuse("papers", {paper.pk for paper in to.papers} != {paper for paper, _page in filed})


def store_answers(to: Storing, paper: Paper, given: Sequence[Mapping[str, Any]]) -> None:
    rows, asked = [], items_by_page(to.exam.layout)
    for one in given:
        item, page = to.items.get(one["item"]), to.pages.get(tuple(one["at"]))
        refuse("papers", item is None or page is None)
        assert item is not None and page is not None
        is_there = page.paper_id == paper.pk and not page.is_rejected
        refuse("papers", not is_there or item.number not in asked[page.sheet_page or 0])
        points = points_of(item, paper.version, one["value"])
        known = {name: one[name] for name in ("value", "confidence", "state", "reason")}
        rows.append(Answer(paper=paper, item=item, page=page, points=points, **known))
    refuse("papers", len({row.item_id for row in rows}) < len(rows))
    Answer.objects.bulk_create(rows, 500)


def items_by_page(layout: Layout) -> dict[int, set[Any]]:
    return {page.number: {box.item for box in page.fields} for page in layout.pages}


def can_be_undone(one: Mapping[str, Any], exam: Exam) -> bool:
    """Whether what stood there before can stand there again."""
    values = (one["old"], one["new"])
    if one["field"] == "version":
        return all(parsed_number(value) in range(1, exam.versions + 1) for value in values)
    longest = 20 if one["field"] == "student" else 100 if one["item"] is not None else 200
    return all(len(value) <= longest and value.isprintable() for value in values)


def store_corrections(to: Storing, paper: Paper, given: Sequence[Mapping[str, Any]]) -> None:
    """Who it was stays behind, with their account."""
    rows: list[Correction] = []
    undone: set[int | None] = set()
    for one in given:
        pages = [to.pages.get(tuple(place)) for place in one["pages"]]
        at = one["undoes"]
        refuse("papers", None in pages or (at is not None and (at >= len(rows) or at in undone)))
        undone.add(at)
        refuse("papers", one["item"] is not None and one["item"] not in to.items)
        refuse("papers", not can_be_undone(one, to.exam))
        row = Correction(paper=paper, item=to.items.get(one["item"]), by=None)
        row.field, row.old, row.new, row.at = (one[name] for name in ("field", "old", "new", "at"))
        row.pages = [page.pk for page in pages if page is not None]
        row.undoes = None if at is None else rows[at]
        row.save()
        rows.append(row)
