import json
from dataclasses import replace

import pytest

from grading.sheet import layout_json
from grading.sheet.layout import lay_out
from grading.sheet.spec import ItemSpec
from grading.sheet.tests.exams import MIXED, SCHOOL
from grading.sheet.tests.frozen import FROZEN


@pytest.mark.parametrize("name", FROZEN)
def test_a_layout_comes_back_from_json_as_it_was(name):
    fingerprint, spec = FROZEN[name]
    layout = lay_out(spec)
    stored = layout_json.read(json.loads(json.dumps(layout_json.write(layout))))
    assert (repr(stored), stored.fingerprint) == (repr(layout), fingerprint)  # repr tells 13.0 from 13


def test_a_form_of_a_later_release_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="form 2; this release reads form 1"):
        layout_json.read(layout_json.write(lay_out(MIXED)) | {"form": 2})


def test_keys_are_those_of_the_layouts_that_were_stored_first():
    assert MIXED.key == "8b2f5242c2700c058abdfa7e97ad713c4e49fdbccb6939083369ea04a6e3b7bf"
    assert SCHOOL.key == "a323eb1e3afeb3128cdf98c89403a49e0f1ace1b4f04021b786f99955d18f326"


def test_the_key_stays_when_only_words_or_points_change():
    points = tuple(replace(item, points=9) for item in SCHOOL.items)
    other = replace(
        SCHOOL, title="Other", language="en", items=points, id_groups=(("G", 1), ("C", 2), ("N", 2))
    )
    assert other.key == SCHOOL.key


@pytest.mark.parametrize(
    "change",
    [
        {"paper": "Letter"},
        {"id_digits": 7},
        {"id_groups": (("", 4), ("", 4))},
        {"items": MIXED.items[:-1]},
        {"items": (*MIXED.items[:-1], ItemSpec(30, "number", digits=4))},
        {"items": (*MIXED.items[:-1], ItemSpec(30, "digits_grid", digits=3))},
        {"items": (*MIXED.items[:-1], ItemSpec(30, "open", lines=3))},
        {"items": (ItemSpec(1, "choice", ("1", "2", "3", "4", "6")), *MIXED.items[1:])},
    ],
    ids=["paper", "number", "groups", "fewer", "digits", "kind", "open", "option"],
)
def test_the_key_changes_with_what_is_printed(change):
    assert replace(MIXED, **change).key != MIXED.key
