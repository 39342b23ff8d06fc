"""Which pictures have a face that can be taken, and how it lies in the square."""

import cv2
import numpy as np
import pytest
from skimage import data

from ml.faces.alignment import TEMPLATE, NotAFace, align_face, similarity, transform_points
from ml.pictures.faces import load_faces


@pytest.fixture(scope="module")
def faces():
    return load_faces()


@pytest.fixture(scope="module")
def astronaut():
    return data.astronaut()[:300, 80:380]


def test_a_face_that_leans_lies_as_an_upright_one(astronaut, faces):
    upright = align_face(astronaut, faces).face
    turn = cv2.getRotationMatrix2D((150, 150), 12, 1.3)
    leaning = align_face(
        cv2.warpAffine(astronaut, turn, (300, 300), borderMode=cv2.BORDER_REFLECT), faces
    ).face
    middle = np.s_[16:56, 16:48]
    assert upright.shape == (64, 64, 3)
    assert np.abs(upright[middle].astype(int) - leaning[middle]).mean() < 12
    assert (
        np.abs(upright[middle].astype(int) - upright[::-1][middle]).mean() > 25
    )  # so little is not by chance


def test_a_face_that_fills_the_picture_lies_as_in_the_whole_one(astronaut, faces):
    cut = np.ascontiguousarray(astronaut[84:152, 98:176])
    assert not faces.landmarks(cut)
    middle = np.s_[28:50, 22:42]
    whole, alone = (align_face(picture, faces).face[middle].astype(int) for picture in (astronaut, cut))
    assert np.abs(whole - alone).mean() < 12


def test_no_face_and_two_faces_get_a_sentence(astronaut, faces):
    with pytest.raises(NotAFace, match="No face"):
        align_face(data.coffee(), faces)
    with pytest.raises(NotAFace, match="several"):
        align_face(np.hstack([astronaut, astronaut]), faces)


def test_a_tiny_face_gets_a_sentence(astronaut, faces):
    with pytest.raises(NotAFace, match="too small"):
        align_face(cv2.resize(astronaut, (75, 75), interpolation=cv2.INTER_AREA), faces)


def test_a_similarity_brings_points_back_to_the_template():
    turned = similarity(TEMPLATE @ [[0, 3], [-3, 0]] + [10, 7], TEMPLATE)
    assert np.allclose(transform_points(TEMPLATE @ [[0, 3], [-3, 0]] + [10, 7], turned), TEMPLATE)
