"""What a camera wrote into a photograph: when, with what, how and where it was taken (EXIF 2.32, CIPA DC-008).

Files hold anything. A value that cannot be is left out, and so is every field whose value is not there.
"""

import math
import re
import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pillow_heif
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

Tags = Mapping[int, Any]

FIRST_PHOTOGRAPH = 1826  # year
MOST_TEXT = 60  # letters; no camera or lens has a longer name
NO_NAME = re.compile(r"[<>{}|\\@]|://|www\.")  # markup and addresses, which somebody wrote there
FILMS = ("GIF", "PNG", "WEBP", "AVIF", "TIFF")
TURNED = range(5, 9)  # orientations that lie on their side
UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error)

# What can be, below and above: seconds, f-number, ISO speed, millimetres.
EXPOSURE: dict[str, tuple[Base, float, float]] = {
    "seconds": (Base.ExposureTime, 1e-6, 86_400),
    "aperture": (Base.FNumber, 0.3, 512),
    "iso": (Base.ISOSpeedRatings, 1, 10_000_000),
    "focal_length": (Base.FocalLength, 0.1, 10_000),
}
HIGHEST, DEEPEST = 100_000, -11_100  # metres: the edge of space, the deepest sea

pillow_heif.register_heif_opener()


def photo_of(content: bytes) -> dict[str, Any]:
    """The facts of a picture file: {"size": {"width", "height"} as seen upright, "orientation": 1 to 8, "taken_at": ISO
    8601, with its offset to UTC where the camera knew it, "camera", "lens", "exposure": {"seconds", "aperture", "iso",
    "focal_length" in mm}, "gps": {"latitude", "longitude" in degrees, "altitude" in metres}, "frames": of a film or a
    file of several pages, of which the first is seen}.

    Only what the file says and what can be. Never raises: of bytes that are no picture there are no facts.
    """
    try:
        with Image.open(BytesIO(content)) as picture:
            exif = picture.getexif()
            frames = int(getattr(picture, "n_frames", 1)) if picture.format in FILMS else 1
            main, detail, place = (tags(exif, directory) for directory in (None, IFD.Exif, IFD.GPSInfo))
    except UNREADABLE:
        return {}
    orientation = to_integer(main.get(Base.Orientation), 1, 8)
    facts = {
        "size": upright_size(picture, orientation),
        "orientation": orientation,
        "taken_at": taken_at(main, detail),
        "camera": camera(to_text(main.get(Base.Make)), to_text(main.get(Base.Model))),
        "lens": to_text(detail.get(Base.LensModel)),
        "exposure": exposure(detail),
        "gps": gps(place),
        "frames": frames if frames > 1 else None,
    }
    return present(facts)


def tags(exif: Image.Exif, directory: IFD | None) -> dict[int, Any]:
    """The tags of the main directory or of another one; none where it is damaged."""
    try:
        return dict(exif if directory is None else exif.get_ifd(directory))
    except UNREADABLE:
        return {}


def present(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, {})}


def upright_size(picture: Image.Image, orientation: int | None) -> dict[str, int]:
    """Width and height as seen; of a TIFF, Pillow gives them so already."""
    is_turned = orientation in TURNED and picture.format != "TIFF"
    width, height = reversed(picture.size) if is_turned else picture.size
    return {"width": width, "height": height}


def taken_at(main: Tags, detail: Tags) -> str | None:
    """When the picture was taken, else when it was digitized, else when the file was written."""
    kinds = [
        (detail.get(Base.DateTimeOriginal), detail.get(Base.OffsetTimeOriginal)),
        (detail.get(Base.DateTimeDigitized), detail.get(Base.OffsetTimeDigitized)),
        (main.get(Base.DateTime), detail.get(Base.OffsetTime)),
    ]
    times = (to_moment(to_text(time), to_text(offset)) for time, offset in kinds)
    return next((time for time in times if time), None)


def to_moment(time: str | None, offset: str | None) -> str | None:
    """EXIF's "2024:05:01 12:30:00" and "+09:00" -> "2024-05-01T12:30:00+09:00"; None for no time, or not yet."""
    try:
        taken = datetime.strptime((time or "")[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    tomorrow = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
    is_unset = taken == datetime(taken.year, 1, 1)  # where a camera's clock begins that nobody has set
    if taken.year < FIRST_PHOTOGRAPH or taken > tomorrow or is_unset:
        return None
    return taken.replace(tzinfo=zone(offset)).isoformat()


def zone(offset: str | None) -> timezone | None:
    try:
        found = datetime.strptime(offset or "", "%z").utcoffset()
    except ValueError:
        return None
    return timezone(found) if found is not None and abs(found) <= timedelta(hours=14) else None


def camera(make: str | None, model: str | None) -> str | None:
    """Maker and model; many makers write their name into the model too."""
    if not make or not model:
        return model or make
    is_named = model.casefold().startswith(make.split()[0].casefold())
    return model if is_named else f"{make} {model}"


def exposure(detail: Tags) -> dict[str, float]:
    found = {name: to_number(detail.get(tag), least, most) for name, (tag, least, most) in EXPOSURE.items()}
    return present(found | {"iso": None if found["iso"] is None else round(found["iso"])})


def gps(place: Tags) -> dict[str, float]:
    """Both coordinates or nothing. 0° N 0° E is what devices write that do not know where they are."""
    latitude = coordinate(place.get(GPS.GPSLatitude), place.get(GPS.GPSLatitudeRef), "NS", 90)
    longitude = coordinate(place.get(GPS.GPSLongitude), place.get(GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None or latitude == longitude == 0:
        return {}
    return present({"latitude": latitude, "longitude": longitude, "altitude": altitude(place)})


def coordinate(parts: Any, reference: Any, directions: str, most: int) -> float | None:
    """Degrees, minutes and seconds -> degrees; negative in the second of the two directions."""
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    degrees, minutes, seconds = (
        to_number(part, 0, limit) for part, limit in zip(parts, (most, 60, 60), strict=True)
    )
    direction = (to_text(reference) or "?").upper()[0]
    if degrees is None or minutes is None or seconds is None or direction not in directions:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if value > most:
        return None
    return round(-value if direction == directions[1] else value, 7)


def altitude(place: Tags) -> float | None:
    """Metres above the sea; the reference says 1 for below."""
    reference = place.get(GPS.GPSAltitudeRef)
    is_below = reference in (1, b"\x01")
    metres = to_number(place.get(GPS.GPSAltitude), 0, -DEEPEST if is_below else HIGHEST)
    return None if metres is None else round(-metres if is_below else metres, 1)


def to_number(value: Any, least: float, most: float) -> float | None:
    """A number that can be. Lists count by their first; rationals may have a denominator of 0, which gives NaN."""
    if isinstance(value, tuple):
        value = value[0] if value else None
    try:
        found = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return found if math.isfinite(found) and least <= found <= most else None


def to_integer(value: Any, least: int, most: int) -> int | None:
    found = to_number(value, least, most)
    return int(found) if found is not None and found == int(found) else None


def to_text(value: Any) -> str | None:
    """Letters that can be shown and stored, the spaces between them single; None where there are none, or what is no
    name: so many of them, markup, or signs alone."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    shown = (
        letter if letter.isprintable() and letter != "\ufffd" else " " for letter in value.split("\0")[0]
    )
    text = " ".join("".join(shown).split())
    is_name = any(map(str.isalnum, text)) and not NO_NAME.search(text)
    return text if is_name and len(text) <= MOST_TEXT else None
