"""What is written by hand, for speed, is what the declared fields would write: the schema is made from those."""

import uuid

import pytest
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIRequestFactory

from digits import services
from digits.models import Reading
from digits.serializers import ReadingSerializer
from digits.tests.calls import SEVEN
from digits.tests.readings import a_reading
from jobs.serializers import JobSerializer

pytestmark = pytest.mark.django_db


def waiting(owner) -> Reading:
    return services.read(owner=owner, source=Reading.Source.PIXELS, pixels=bytes(SEVEN))


def answered(owner) -> Reading:
    return a_reading(owner, "314")


def full(owner) -> Reading:
    """With everything that a reading may have."""
    reading = a_reading(owner, "31")
    reading.source, reading.share_key, reading.right_text = Reading.Source.CANVAS, uuid.uuid4(), "37"
    reading.saliency, reading.others = bytes(2 * 784), [{"box": [1, 2, 3, 4]}]
    reading.picture = "digits/31.png"
    reading.job.started_at = reading.job.ended_at = reading.created_at
    reading.job.step, reading.job.error = "Reading pages", "No network."
    return reading


@pytest.mark.parametrize("make", [waiting, answered, full])
def test_it_says_what_the_fields_say(alice, make):
    reading = make(alice)
    context = {"request": Request(APIRequestFactory().get("/"))}
    for serializer, row in (
        (ReadingSerializer(reading, context=context), reading),
        (JobSerializer(reading.job, context=context), reading.job),
    ):
        by_fields = ModelSerializer.to_representation(serializer, row)
        assert JSONRenderer().render(serializer.data) == JSONRenderer().render(by_fields)
