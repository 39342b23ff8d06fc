"""Inside the network over the API: the true numbers, explained, for nobody but the owner."""

import json
import re
from urllib.parse import urlsplit

import numpy as np
import pytest
from django.utils.translation import override

from digits import services, tasks
from digits.models import Inside, Reading
from digits.presentation.explanations import EXPLANATIONS, explanation, title, variant
from digits.tests.readings import a_reading
from jobs.models import Status
from ml.digits.inside import look_inside
from ml.digits.tests.layers_by_hand import by_hand
from ml.digits.tests.test_inside import small
from tests.support.strokes import drawing

SENTENCE_END = re.compile(r"[.?!](?=\s|$)")
BYTES = "application/octet-stream"


@pytest.fixture
def reading(alice) -> Reading:
    """Fifty digits in one picture."""
    return a_reading(alice, "0123456789" * 5)


def look(reading: Reading, place: int, label: int | None = None) -> Inside:
    """Ask and, as a worker does, look."""
    inside = services.look_inside(reading=reading, place=place, label=label)
    tasks.look_inside(str(inside.job_id))
    inside.refresh_from_db()
    assert inside.job.status == Status.DONE
    return inside


def path_of(reading: Reading, part: str = "", **query: int) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/api/digits/{reading.pk}/layers/{part}?{asked}"


def arrays_of(client, steps: list[dict], known: dict) -> dict[str, np.ndarray]:
    """Every array that the steps carry or link to; weights are fetched once, they are the same for every digit."""
    found = dict(known)
    for step in steps:
        for key, value in step.items():
            part = key.removesuffix("_url")
            name = step["name"] if part in ("values", "maps") else f"{step['name']}.{part}"
            if key.endswith("_url") and name not in found:
                parts = urlsplit(value)
                answer = client.get(f"{parts.path}?{parts.query}", headers={"accept": BYTES})
                found[name] = np.frombuffer(answer.content, "<f4")
            elif isinstance(value, list) and key in INLINE:
                found[name] = np.array(value)
    return {name: values.reshape(shape_of(name, steps)) for name, values in found.items()}


INLINE = ("values", "kernels", "weight", "bias", "average", "exp", "sigmoid")


def shape_of(name: str, steps: list[dict]) -> tuple[int, ...]:
    step = next(one for one in steps if one["name"] == name.split(".")[0])
    shape = step["shape"]
    shapes = {"kernels": (shape[0], step.get("channels"), step.get("kernel"), step.get("kernel"))}
    shapes |= {"weight": (shape[0], step.get("inputs_count")), "bias": (shape[0],)}
    return tuple(shapes.get(name.partition(".")[2], shape))


@pytest.mark.full
def test_the_numbers_of_50_digits_are_what_numpy_says(reading, alice, call):
    client, weights = call(alice), {}
    for place in range(50):
        look(reading, place)
        steps = client.get(path_of(reading, digit=place)).json()
        found = arrays_of(client, steps, weights)
        weights = {name: found[name] for name in found if re.search(r"\.(kernels|weight|bias)$", name)}
        frame = np.frombuffer(reading.frame(place), np.uint8).reshape(28, 28)
        expected = by_hand(frame, steps, weights)
        assert len(expected) >= len(steps)
        for name, values in expected.items():
            np.testing.assert_allclose(found[name], values, rtol=1e-4, atol=1e-4, err_msg=name)


def test_with_a_label_the_steps_go_back_to_the_input(reading, alice, call):
    look(reading, 3, label=8)
    steps = call(alice).get(path_of(reading, digit=3, label=8)).json()
    assert [step["name"] for step in steps][-3:] == ["loss", "gradients", "descent"]
    by_name = {step["name"]: step for step in steps}
    assert by_name["loss"]["loss"] == pytest.approx(-np.log(by_name["softmax"]["values"][8]), rel=1e-4)
    assert len(by_name["gradients"]["layers"]) == len(by_name) - 5
    assert np.shape(by_name["input"]["gradient"]) == (28, 28)
    assert by_name["convolution2"]["gradient_url"].endswith("convolution2.gradient/?digit=3&label=8")


def test_one_array_comes_as_json_too(reading, alice, call):
    look(reading, 0)
    bias = call(alice).get(path_of(reading, "convolution1.bias/", digit=0)).json()
    assert bias["shape"] == [32] and len(bias["values"]) == 32
    assert call(alice).get(path_of(reading, "convolution9/", digit=0)).status_code == 404


def test_what_is_asked_wrongly_is_said(reading, alice, call):
    for query, field in (({"label": 10}, "label"), ({"digit": 50}, "digit"), ({"label": "x"}, "label")):
        answer = call(alice).get(path_of(reading, **query))
        problem = answer.json()["errors"][0]
        assert answer.status_code == 400 and problem["attr"] == field and problem["detail"].endswith(".")


def test_nobody_looks_into_the_readings_of_others(reading, alice, bob, call, browse):
    look(reading, 0)
    for path in (path_of(reading), path_of(reading, "input/")):
        assert call(bob).get(path).status_code == 404
        assert call(None).get(path).status_code in (401, 403)
    page = f"/digits/{reading.pk}/layers"
    assert browse(bob).get(page).status_code == 404
    assert browse(None).get(page).status_code == 302


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_step_is_explained_in_two_sentences(language):
    frame, seen = drawing(4, np.random.default_rng(0)), set()
    steps = [step for name in ("cnn", "dense") for step in look_inside(small(name), frame, 6).steps]
    descent = steps[-1]
    steps += [descent | {"loss_after": descent["loss"] + 1}, descent | {"loss_after": descent["loss"]}]
    for step in json.loads(json.dumps(steps)):
        with override(language):
            text, name = explanation(step), title(step)
        seen.add(variant(step))
        assert len(SENTENCE_END.findall(text)) == 2, text
        assert name and "%(" not in text and "None" not in text
        assert (language == "ko") == bool(re.search("[가-힣]", text)), text
    assert seen == set(EXPLANATIONS)


def test_the_page_names_the_digits_and_asks_for_the_chosen_one(reading, alice, browse):
    services.correct(reading=reading, text="0123456789" * 5)
    page = browse(alice).get(f"/digits/{reading.pk}/layers?digit=12").content.decode()
    assert 'data-digit="12"' in page and 'data-label="2"' in page and "Digit 13: read as 2" in page
    assert browse(alice).get(f"/digits/{reading.pk}/layers?digit=x").status_code == 200


def test_a_picture_without_a_digit_says_so(reading, alice, browse):
    Reading.objects.update(digits=[], frames=b"")
    page = browse(alice).get(f"/digits/{reading.pk}/layers").content.decode()
    assert "There is no digit in this picture" in page and "layers.js" not in page


def test_before_the_answer_is_there_the_page_sends_back_to_it(alice, browse):
    waiting = services.read(owner=alice, source="pixels", pixels=bytes(784))
    answer = browse(alice).get(f"/digits/{waiting.pk}/layers")
    assert answer.status_code == 302 and answer.url == f"/digits/{waiting.pk}/"
