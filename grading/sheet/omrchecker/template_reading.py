"""An OMRChecker template as its files say it: read, and refused with what is wrong and where."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from grading.sheet.boxes import BUBBLE
from grading.sheet.omrchecker.folder import Folder, UploadedFolder
from grading.sheet.omrchecker.key import read_key
from grading.sheet.omrchecker.places import check_places
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.template import (
    DIGITS,
    FIELD_TYPES,
    STEPS,
    PreProcessor,
    Template,
    TemplateAnswer,
    TemplateBubble,
    TemplateField,
)
from grading.sheet.omrchecker.values import (
    Values,
    check_known,
    check_once,
    expand,
    mapping_in,
    natural_order,
    needed,
    number_in,
    one_of,
    pair_in,
    read_json,
    text_in,
    texts_in,
    within,
    wrong,
)

PICTURES = {"CropOnMarkers": "relativePath", "FeatureBasedAlignment": "reference"}
USUAL_MARKER = "omr_marker.jpg"  # where CropOnMarkers names none
WHERE = "template.json"
PARTS = (
    *("pageDimensions", "bubbleDimensions", "preProcessors", "fieldBlocks"),
    *("customLabels", "outputColumns", "emptyValue"),
)
MOST_BUBBLES = 10_000
FINEST = 200  # bubbles that would fit along the page


def read_template(files: Mapping[str, bytes]) -> Template:
    """The template in an upload: template.json with its config.json, evaluation.json and pictures, by their paths.

    The outermost template.json counts. Raises WrongTemplate, which says what is wrong and where.
    """
    named = {PurePosixPath(name.replace("\\", "/")): data for name, data in files.items()}
    paths = sorted((path for path in named if path.name == WHERE), key=lambda path: (len(path.parts), path))
    if not paths:
        raise WrongTemplate("no_template")
    folder = UploadedFolder(named, paths[0].parent)
    return template_in(folder, folder, folder)


def template_in(folder: Folder, evaluation: Folder, config: Folder) -> Template:
    """The template.json of a folder, with the evaluation.json and the config.json that hold there."""
    values = read_json(folder.data(WHERE), WHERE)
    for name in values:
        if name not in PARTS:
            raise WrongTemplate("unknown_key", f"{WHERE}: {name}", ", ".join(PARTS))
    page = pair_in(values, "pageDimensions", WHERE, 1)
    empty = _empty_value(values, WHERE)
    fields = _fields(values, page, empty)
    answers = _answers(fields, _custom_labels(values, fields))
    columns = _columns(values, list(answers))
    ordered = tuple(answers[name] for name in dict.fromkeys((*columns, *sorted(answers, key=natural_order))))
    names = [answer.name for answer in ordered]
    key, picture = read_key(evaluation, names)
    template = Template(
        *page,
        fields=fields,
        answers=ordered,
        steps=_steps(values, folder),
        empty_value=empty,
        key=key,
        key_picture=picture,
        columns=columns or tuple(names),
        config=config.values("config.json"),
    )
    if max(page) * template.unit > FINEST * BUBBLE:
        raise WrongTemplate("tiny_bubbles")
    return template


def _empty_value(values: Values, where: str, usual: str = "") -> str:
    return text_in(values, "emptyValue", where) if "emptyValue" in values else usual


def _fields(values: Values, page: tuple[float, float], empty: str) -> tuple[TemplateField, ...]:
    size = pair_in(values, "bubbleDimensions", WHERE, 1)
    blocks, where = mapping_in(values, "fieldBlocks", WHERE), within(WHERE, "fieldBlocks")
    fields: list[TemplateField] = []
    count = 0
    for name in blocks:
        block = _block(mapping_in(blocks, name, where, like="fieldBlocks"), name, size, empty)
        fields += block
        count += len(block) * len(block[0].bubbles)
        if count > MOST_BUBBLES:
            raise WrongTemplate("too_many_bubbles")
    if not fields:
        raise WrongTemplate("no_bubbles")
    check_once(field.label for field in fields)
    bubbles = [(field.label, bubble.box) for field in fields for bubble in field.bubbles]
    check_places([label for label, _ in bubbles], [box for _, box in bubbles], page)
    return tuple(fields)


def _block(block: Values, name: str, size: tuple[float, float], empty: str) -> list[TemplateField]:
    """The fields of one block: its values run in its direction, its fields across it."""
    where = f"{WHERE}: fieldBlocks.{name}"
    choices, direction = _values(block, where)
    x, y = pair_in(block, "origin", where)
    along, across = number_in(block, "bubblesGap", where), number_in(block, "labelsGap", where)
    width, height = pair_in(block, "bubbleDimensions", where, 1) if "bubbleDimensions" in block else size
    empty = _empty_value(block, where, empty)
    step, row = ((along, 0.0), (0.0, across)) if direction == "horizontal" else ((0.0, along), (across, 0.0))
    labels = expand(texts_in(block, "fieldLabels", where), within(where, "fieldLabels"))
    if len(labels) * len(choices) > MOST_BUBBLES:
        raise WrongTemplate("too_many_bubbles")
    fields = []
    for place, label in enumerate(labels):
        left, top = x + place * row[0], y + place * row[1]
        bubbles = [
            TemplateBubble(value, (left + index * step[0], top + index * step[1], width, height))
            for index, value in enumerate(choices)
        ]
        fields.append(TemplateField(label, in_order(bubbles), name, empty))
    return fields


def in_order(bubbles: list[TemplateBubble]) -> tuple[TemplateBubble, ...]:
    """As the template has them, but a column of all ten digits from 0 to 9, as everywhere else."""
    if sorted(bubble.value for bubble in bubbles) == list(DIGITS):
        return tuple(sorted(bubbles, key=lambda bubble: bubble.value))
    return tuple(bubbles)


def _values(block: Values, where: str) -> tuple[tuple[str, ...], str]:
    if "fieldType" in block:
        return FIELD_TYPES[one_of(block["fieldType"], FIELD_TYPES, within(where, "fieldType"))]
    if "bubbleValues" not in block and "direction" not in block:
        needed(block, "fieldType", where)
    choices = texts_in(block, "bubbleValues", where)
    if len(set(choices)) < len(choices):
        raise WrongTemplate("same_value", within(where, "bubbleValues"))
    ways = ("horizontal", "vertical")
    return tuple(choices), one_of(needed(block, "direction", where), ways, within(where, "direction"))


def _custom_labels(values: Values, fields: tuple[TemplateField, ...]) -> dict[str, tuple[str, ...]]:
    joined = mapping_in(values, "customLabels", WHERE) if "customLabels" in values else {}
    where = within(WHERE, "customLabels")
    custom = {
        name: expand(texts_in(joined, name, where, like="fieldLabels"), within(where, name))
        for name in joined
    }
    every = [label for parts in custom.values() for label in parts]
    check_once(every)  # none in two of them
    check_known(every, [field.label for field in fields])
    return custom


def _answers(
    fields: tuple[TemplateField, ...], custom: dict[str, tuple[str, ...]]
) -> dict[str, TemplateAnswer]:
    by_label = {field.label: field for field in fields}
    answers = {
        name: TemplateAnswer(name, tuple(by_label[label] for label in parts))
        for name, parts in custom.items()
    }
    used = {label for parts in custom.values() for label in parts}
    for field in fields:
        if field.label not in used:
            if field.label in answers:
                raise WrongTemplate("same_label", field.label)
            answers[field.label] = TemplateAnswer(field.label, (field,))
    return answers


def _columns(values: Values, names: list[str]) -> tuple[str, ...]:
    if values.get("outputColumns", []) == []:
        return ()
    columns = expand(texts_in(values, "outputColumns", WHERE), within(WHERE, "outputColumns"))
    check_known(columns, names)
    return columns


def _steps(values: Values, folder: Folder) -> tuple[PreProcessor, ...]:
    """None where the template has none: its scans show nothing but the page."""
    listed = values.get("preProcessors", [])
    if not isinstance(listed, list) or not all(isinstance(step, dict) for step in listed):
        raise wrong("preProcessors", WHERE)
    return tuple(_step(step, folder) for step in listed)


def _step(values: Values, folder: Folder) -> PreProcessor:
    where = within(WHERE, "preProcessors")
    name = one_of(needed(values, "name", where), STEPS, within(where, "name"))
    options = mapping_in(values, "options", where) if "options" in values else {}
    if name not in PICTURES:
        return PreProcessor(name, options)
    if name == "CropOnMarkers":
        options = {"relativePath": USUAL_MARKER, **options}
    return PreProcessor(name, options, folder.picture(text_in(options, PICTURES[name], where)))
