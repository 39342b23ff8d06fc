"""A face is found again in the latent space, by the weights that the site has."""

import cv2
import numpy as np
import pytest

from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.faces import inversion
from ml.faces.alignment import NotAFace
from ml.faces.drawing import FaceRequest, StyleDrawer, load_drawer
from ml.faces.inversion import Inverter, load_inverter
from ml.pictures.backbone import Backbone

STEPS = 6  # of the eighty that a worker takes


@pytest.fixture(scope="module")
def drawer() -> StyleDrawer:
    return load_drawer(Card.load(WEIGHTS_FOLDER, "stylegan"), WEIGHTS_FOLDER, "cpu")


@pytest.fixture(scope="module")
def inverter(drawer, lite2: Backbone) -> Inverter:
    return load_inverter(drawer, WEIGHTS_FOLDER, lite2.network)


@pytest.fixture(scope="module")
def face(drawer):
    """Enlarged, as people send them."""
    return cv2.resize(drawer.draw([FaceRequest(6)])[0], (320, 320), interpolation=cv2.INTER_CUBIC)


def test_a_drawn_face_is_found_and_the_descent_makes_it_more_alike(inverter, face, monkeypatch):
    monkeypatch.setattr(inversion, "MOST_ERROR", 9)  # with so few steps
    monkeypatch.setattr(inversion, "STEPS", 0)
    guessed = inverter.invert(face)
    monkeypatch.setattr(inversion, "STEPS", STEPS)
    shares: list[float] = []
    found = inverter.invert(face, shares.append)
    assert found.code.shape == (10, 256)
    assert found.aligned.shape == found.picture.shape == (64, 64, 3)
    assert found.error < guessed.error
    assert shares[-1] == 1 and shares == sorted(shares)


def test_the_code_draws_the_picture_that_was_shown(inverter, drawer, face, monkeypatch):
    monkeypatch.setattr(inversion, "MOST_ERROR", 9)
    monkeypatch.setattr(inversion, "STEPS", 2)
    found = inverter.invert(face)
    drawn = drawer.draw([FaceRequest(0, code=found.code.astype(np.float32))])[0]
    assert np.abs(drawn.astype(int) - found.picture).max() <= 2  # its code was rounded to halves


def test_a_picture_without_a_face_gets_a_sentence(inverter):
    with pytest.raises(NotAFace):
        inverter.invert(np.full((200, 200, 3), 128, np.uint8))


@pytest.mark.full
def test_of_a_face_that_fills_the_picture_only_what_it_shows_must_be_alike(inverter, photograph):
    """What lies beyond its edges no generator could draw: it was refused as no face."""
    filling = np.ascontiguousarray(photograph("astronaut")[80:158, 185:262])
    found = inverter.invert(filling)
    middle = np.s_[24:52, 18:46]
    assert np.abs(found.aligned[middle].astype(int) - found.picture[middle]).mean() < 15
