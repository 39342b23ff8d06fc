"""EXIF as cameras write it, and as they do not."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from ml.pictures.photo import camera, coordinate, photo_of, to_moment, to_number, to_text

MAIN = {
    Base.Make: "Canon",
    Base.Model: "Canon EOS 80D",
    Base.DateTime: "2024:05:02 08:00:00",
    Base.Orientation: 6,
}
DETAIL = {
    Base.DateTimeOriginal: "2024:05:01 12:30:05",
    Base.OffsetTimeOriginal: "+09:00",
    Base.ExposureTime: IFDRational(1, 250),
    Base.FNumber: IFDRational(28, 10),
    Base.ISOSpeedRatings: 400,
    Base.FocalLength: IFDRational(50, 1),
    Base.LensModel: "EF-S18-135mm f/3.5-5.6 IS USM",
}
PLACE = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (IFDRational(37), IFDRational(33), IFDRational(594, 10)),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (IFDRational(126), IFDRational(58), IFDRational(408, 10)),
    GPS.GPSAltitudeRef: b"\x00",
    GPS.GPSAltitude: IFDRational(385, 10),
}


def exif(main: dict = MAIN, detail: dict = DETAIL, place: dict = PLACE) -> Image.Exif:
    made = Image.Exif()
    made.update(main)
    made.get_ifd(IFD.Exif).update(detail)
    made.get_ifd(IFD.GPSInfo).update(place)
    return made


def file(tags: Image.Exif | bytes, kind: str = "JPEG") -> bytes:
    content = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(content, kind, exif=tags)
    return content.getvalue()


FACTS = {
    "orientation": 6,
    "size": {"width": 40, "height": 60},
    "taken_at": "2024-05-01T12:30:05+09:00",
    "camera": "Canon EOS 80D",
    "lens": "EF-S18-135mm f/3.5-5.6 IS USM",
    "exposure": {"seconds": 0.004, "aperture": 2.8, "iso": 400, "focal_length": 50.0},
    "gps": {"latitude": 37.5665, "longitude": 126.978, "altitude": 38.5},
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_the_camera_wrote_is_told(kind):
    assert photo_of(file(exif(), kind)) == FACTS


def test_the_size_of_a_tiff_is_as_seen_too():
    """Pillow writes only the main directory into a TIFF."""
    found = photo_of(file(exif(), "TIFF"))

    assert (found["size"], found["camera"]) == (FACTS["size"], FACTS["camera"])


def test_heic_is_told_too_and_comes_upright():
    content = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (60, 40), "teal")).save(content, exif=exif().tobytes())

    found = photo_of(content.getvalue())

    assert {name: found[name] for name in ("taken_at", "camera", "exposure", "gps")} == {
        name: FACTS[name] for name in ("taken_at", "camera", "exposure", "gps")
    }


def test_a_picture_without_exif_has_its_size_alone():
    assert photo_of(file(b"")) == {"size": {"width": 60, "height": 40}}


def test_no_picture_has_no_facts():
    assert photo_of(b"") == photo_of(b"%PDF-1.7 nothing") == {}


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("Canon", "Canon EOS 80D", "Canon EOS 80D"),
        ("NIKON CORPORATION", "NIKON D850", "NIKON D850"),
        ("Apple", "iPhone 15 Pro", "Apple iPhone 15 Pro"),
        ("samsung", "SM-S918N", "samsung SM-S918N"),
        (None, "DSC-RX100", "DSC-RX100"),
        ("SONY", None, "SONY"),
        (None, None, None),
    ],
)
def test_the_maker_is_not_named_twice(make, model, expected):
    assert camera(make, model) == expected


@pytest.mark.parametrize("text", ["<b>X</b>", "see www.shop.example", "a@b.example", "?? ??", "{{ x }}"])
def test_markup_addresses_and_signs_alone_are_no_name(text):
    assert to_text(text) is None


@pytest.mark.parametrize(
    ("time", "offset", "expected"),
    [
        ("2024:05:01 12:30:05", None, "2024-05-01T12:30:05"),
        ("2024:05:01 12:30:05", "-03:30", "2024-05-01T12:30:05-03:30"),
        ("2024:05:01 12:30:05", "   :  ", "2024-05-01T12:30:05"),
        ("2024:05:01 12:30:05", "+99:00", "2024-05-01T12:30:05"),
        ("2024:05:01 12:30:05.123", None, "2024-05-01T12:30:05"),
        ("0000:00:00 00:00:00", None, None),
        ("    :  :     :  :  ", None, None),
        ("2024:13:45 12:30:05", None, None),
        ("1700:01:01 00:00:00", None, None),
        ("2000:01:01 00:00:00", None, None),  # nobody has set this clock
        ("2000:01:01 00:00:01", None, "2000-01-01T00:00:01"),
        ("9999:12:31 23:59:59", None, None),
        ("yesterday", None, None),
        (None, None, None),
    ],
)
def test_times_that_cannot_be_are_left_out(time, offset, expected):
    assert to_moment(time, offset) == expected


def test_a_time_to_come_is_left_out():
    soon = datetime.now(UTC) + timedelta(days=3)

    assert to_moment(soon.strftime("%Y:%m:%d %H:%M:%S"), None) is None


def test_another_time_is_taken_where_the_first_cannot_be():
    tags = exif(detail=DETAIL | {Base.DateTimeOriginal: "0000:00:00 00:00:00"})

    assert photo_of(file(tags))["taken_at"] == "2024-05-02T08:00:00"


@pytest.mark.parametrize(
    "broken",
    [
        {Base.ExposureTime: IFDRational(1, 0), Base.FNumber: IFDRational(0, 0)},
        {Base.ExposureTime: float("nan"), Base.FNumber: float("inf")},
        {Base.ExposureTime: IFDRational(0, 1), Base.FNumber: IFDRational(0, 1)},
        {Base.ExposureTime: "fast", Base.FNumber: "wide"},
        {Base.ExposureTime: IFDRational(-1, 8), Base.FNumber: IFDRational(-2, 1)},
    ],
)
def test_numbers_that_cannot_be_are_left_out(broken):
    found = photo_of(file(exif(detail=DETAIL | broken)))

    assert found["exposure"] == {"iso": 400, "focal_length": 50.0}


@pytest.mark.parametrize(
    "broken",
    [
        {GPS.GPSLatitude: (IFDRational(91), IFDRational(0), IFDRational(0))},
        {GPS.GPSLatitude: (IFDRational(90), IFDRational(30), IFDRational(0))},
        {GPS.GPSLatitude: (IFDRational(37, 0), IFDRational(0), IFDRational(0))},
        {GPS.GPSLatitude: (IFDRational(37), IFDRational(75), IFDRational(0))},
        {GPS.GPSLatitudeRef: "X"},
        {GPS.GPSLatitudeRef: ""},
        {GPS.GPSLatitude: IFDRational(37)},
        {GPS.GPSLatitude: (IFDRational(0),) * 3, GPS.GPSLongitude: (IFDRational(0),) * 3},
    ],
)
def test_a_place_that_cannot_be_is_left_out(broken):
    found = photo_of(file(exif(place=PLACE | broken)))

    assert "gps" not in found
    assert found["camera"] == "Canon EOS 80D"


def test_south_and_west_are_negative_and_below_the_sea_too():
    place = PLACE | {GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W", GPS.GPSAltitudeRef: b"\x01"}

    assert photo_of(file(exif(place=place)))["gps"] == {
        "latitude": -37.5665,
        "longitude": -126.978,
        "altitude": -38.5,
    }


def test_a_place_without_a_height_is_a_place():
    place = {tag: value for tag, value in PLACE.items() if tag not in (GPS.GPSAltitude, GPS.GPSAltitudeRef)}

    assert photo_of(file(exif(place=place)))["gps"] == {"latitude": 37.5665, "longitude": 126.978}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Canon\x00\x00rubbish", "Canon"),
        (b"Canon\x00", "Canon"),
        ("  two \t words \n", "two words"),
        ("\x01\x02", None),
        (b"\xff\xfe\xfd", None),
        (7, None),
        ("x" * 60, "x" * 60),
        ("x" * 5000, None),  # no name
    ],
)
def test_texts_can_be_shown_and_stored(value, expected):
    assert to_text(value) == expected


@pytest.mark.parametrize("orientation", [0, 9, "up", 2.5, None])
def test_an_orientation_that_cannot_be_is_left_out(orientation):
    tags = {tag: value for tag, value in MAIN.items() if tag != Base.Orientation}
    if isinstance(orientation, int):
        tags[Base.Orientation] = orientation

    assert "orientation" not in photo_of(file(exif(main=tags)))
    assert photo_of(file(exif(main=tags)))["size"] == {"width": 60, "height": 40}


ANYTHING = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(max_size=9), st.binary(max_size=9), st.tuples(st.floats())
)


@given(ANYTHING)
def test_values_of_any_type_are_no_error(value: Any):
    found = to_number(value, 0, 100)
    assert found is None or 0 <= found <= 100
    assert to_text(value) is None or to_text(value).isprintable()
    assert coordinate(value, value, "NS", 90) is None


@given(st.data())
def test_damaged_exif_is_no_error(data):
    content = bytearray(file(exif()))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(20, 700))] = data.draw(st.integers(0, 255))

    found = photo_of(bytes(content))

    assert set(found) <= set(FACTS)
