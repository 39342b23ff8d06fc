"""What is written by hand, for speed, is what the declared fields would write: the schema is made from those."""

import uuid

import pytest
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIRequestFactory

from classifier.models import Likeness, Picture
from classifier.serializers.pictures import PictureSerializer
from classifier.services import pictures as services
from classifier.tests.findings import a_picture, jpeg

pytestmark = pytest.mark.django_db


def waiting(owner) -> Picture:
    return services.submit_picture(owner=owner, image=jpeg(), only_labels=True)


def answered(owner) -> Picture:
    return a_picture(owner, answer=None, caption=None)


def full(owner) -> Picture:
    """With everything that a picture may have."""
    picture = a_picture(owner, taught={"labels": [], "is_certain": False})
    Likeness.objects.create(picture=picture, other=a_picture(owner), distance=0.1)
    picture.share_key, picture.right_label, picture.problem = uuid.uuid4(), "lion", "It is damaged."
    picture.album_id = uuid.uuid4()
    return picture


@pytest.mark.parametrize("make", [waiting, answered, full])
def test_it_says_what_the_fields_say(alice, make):
    picture = make(alice)
    serializer = PictureSerializer(picture, context={"request": Request(APIRequestFactory().get("/"))})
    by_fields = ModelSerializer.to_representation(serializer, picture)
    assert JSONRenderer().render(serializer.data) == JSONRenderer().render(by_fields)
