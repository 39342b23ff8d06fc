"""What a prompt asks of a face, in two languages."""

import pytest

from ml.faces.words import MOST, understand

EDITS = ("smile", "glasses", "age", "gender", "beard", "bangs", "blond", "curls", "makeup", "pose")


@pytest.mark.parametrize(
    ("prompt", "edits"),
    [
        ("smiling woman with glasses", {"smile": 1.5, "gender": -1.5, "glasses": 2}),
        ("안경 쓴 웃는 여성", {"smile": 1.5, "gender": -1.5, "glasses": 2}),
        ("an old man without a beard", {"age": 1.5, "gender": 1.5, "beard": -1.5}),
        ("수염 없는 할아버지", {"beard": -1.5, "gender": 1.5, "age": 1.5}),
        ("a very young girl, slightly smiling", {"age": -3, "gender": -1.5, "smile": 0.75}),
        ("안 웃는 남자", {"smile": -1.5, "gender": 1.5}),
        ("활짝 웃고 있는 금발의 소녀", {"smile": 2.25, "blond": 1.5, "gender": -1.5, "age": -1.5}),
        ("왼쪽을 보는 곱슬머리 여자", {"pose": -1.5, "curls": 1.5, "gender": -1.5}),
        ("", {}),
    ],
)
def test_words_become_steps(prompt, edits):
    understood = understand(prompt, EDITS)
    assert understood.edits == edits
    assert understood.unknown == []


def test_who_uses_other_words_is_told_which():
    understood = understand("a smiling astronaut on the moon, 우주복을 입은", EDITS)
    assert understood.used == ["smiling"]
    assert understood.unknown == ["astronaut", "moon", "우주복을", "입은"]


def test_a_word_for_what_this_network_has_not_learned_is_unknown():
    assert understand("bearded man", ("gender",)).unknown == ["bearded"]


def test_no_prompt_asks_for_more_than_the_sliders_allow():
    edits = understand("very very happy smiling laughing " * 50, EDITS).edits
    assert edits == {"smile": MOST}
