"""Files of templates that differ from the usual one in a block or in their key."""

import json
from typing import Any

from . import template_sheets as sheets

SCHEMES = {"DEFAULT": {"correct": "3", "incorrect": "-1/4", "unmarked": 0}}


def evaluation(questions: list[str], answers: Any, **changes: Any) -> dict[str, Any]:
    options = {"questions_in_order": questions, "answers_in_order": answers}
    return {"source_type": "custom", "options": options, "marking_schemes": SCHEMES, **changes}


def with_key(key: dict[str, Any], **others: bytes) -> dict[str, bytes]:
    return {**sheets.files(sheets.PAGE), "evaluation.json": json.dumps(key).encode(), **others}


def with_block(**changes: Any) -> dict[str, bytes]:
    """A template of a single block."""
    block = {
        "origin": [10, 20],
        "bubblesGap": 50,
        "labelsGap": 60.5,
        "fieldLabels": ["q1..2"],
        "fieldType": "QTYPE_MCQ4",
    }
    blocks = {"one": {name: value for name, value in {**block, **changes}.items() if value is not None}}
    return sheets.files(sheets.PAGE, fieldBlocks=blocks, customLabels={})


KEY = evaluation(["q1"], ["A"])
TABLE = {**KEY, "source_type": "csv", "options": {"answer_key_csv_path": "key.csv"}}


def with_values(*values: Any, direction: str = "vertical", **changes: Any) -> dict[str, bytes]:
    return with_block(fieldType=None, bubbleValues=values, direction=direction, **changes)


def with_step(name: str, **options: Any) -> dict[str, bytes]:
    return sheets.files({"name": name, "options": options})


def with_points(**points: Any) -> dict[str, bytes]:
    default = {**SCHEMES["DEFAULT"], **points}
    return with_key(evaluation(["q1"], ["A"], marking_schemes={"DEFAULT": default}))


def with_table(table: bytes | None, **options: Any) -> dict[str, bytes]:
    key = {**TABLE, "options": {**TABLE["options"], **options}}
    return with_key(key, **({} if table is None else {"key.csv": table}))


def twice(**changes: Any) -> dict[str, bytes]:
    """A second block beside the first one."""
    made = json.loads(with_block()["template.json"])
    made["fieldBlocks"]["two"] = {**made["fieldBlocks"]["one"], "fieldLabels": ["q3..4"], **changes}
    return {"template.json": json.dumps(made).encode()}
