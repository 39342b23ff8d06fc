"""Bodies of requests that no browser would send: many parts, no boundary, deep JSON, odd names."""

import json

import numpy as np

from benchmarks.hostile_files import mechanism
from benchmarks.hostile_pictures import png, zeros

Rng = np.random.Generator
FORM = "multipart/form-data; boundary=b"
FIELDS = ("image", "images", "images[]", "file", "files", "files[]", "picture", "weights", "card")


def part(name: bytes, content: bytes = b"a", filename: bytes | None = b"a.png", more: bytes = b"") -> bytes:
    file = b"" if filename is None else b'; filename="%b"' % filename
    return b'--b\r\nContent-Disposition: form-data; name="%b"%b\r\n%b\r\n%b\r\n' % (name, file, more, content)


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--b--\r\n"


def all_fields(**how: bytes) -> bytes:
    """The same file under every name that a place may have for it."""
    content = how.pop("content", png(64, 64, zeros(65 * 64)))
    return form(*(part(name.encode(), content, **how) for name in FIELDS))


@mechanism("request", "body", FORM)
def many_parts(rng: Rng, step: int) -> bytes:
    """10 to 10^4 files or fields of one byte."""
    count = (10, 99, 101, 1_001, 10_000)[step]
    return form(*[part(b"images[]" if step % 2 else b"image", filename=b"a.png")] * count)


@mechanism("request", "body", FORM)
def many_fields_in_form(rng: Rng, step: int) -> bytes:
    return form(*[part(b"a%d" % number, filename=None) for number in range(10 ** (step + 1))])


@mechanism("request", "body", "multipart/form-data")
def no_boundary(rng: Rng, step: int) -> bytes:
    return all_fields()[: 10 ** (step + 1)]


@mechanism("request", "body", FORM)
def unclosed_form(rng: Rng, step: int) -> bytes:
    whole = all_fields()
    return whole[: len(whole) * (step + 1) // 6]


@mechanism("request", "body", FORM)
def long_names(rng: Rng, step: int) -> bytes:
    """Names of files and of fields of 10^2 to 10^6 letters."""
    long = b"a" * 10 ** (step + 2)
    return all_fields(filename=long + b".png") if step % 2 else form(part(long))


@mechanism("request", "body", FORM)
def odd_file_names(rng: Rng, step: int) -> bytes:
    names = (
        b"a\0b.png",
        b"\xff\xfe\xed\xa0\x80.png",
        b"../../../etc/passwd",
        b"",
        b"a\"; filename*=UTF-8''%00%ED%A0%80",
    )
    return all_fields(filename=names[step])


@mechanism("request", "body", FORM)
def lying_encoding(rng: Rng, step: int) -> bytes:
    """Parts that say they are in base64 or another encoding, of a type that there is not."""
    said = (
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Type: multipart/mixed; boundary=c\r\n",
        b"Content-Type: a/b; charset=nonsense\r\nContent-Length: 99999999999\r\n",
        b"A: " + b"a" * 100_000 + b"\r\n",
    )
    return all_fields(more=said[step], content=b"!!!=not base64===")


@mechanism("request", "body", FORM)
def empty_files(rng: Rng, step: int) -> bytes:
    return all_fields(content=(b"", b"\0", b"\r\n", b"a", b"--b")[step])


@mechanism("request", "body", "application/json")
def deep_json(rng: Rng, step: int) -> bytes:
    depth = 10 ** (step + 1)
    return (b"[" * depth + b"]" * depth) if step % 2 else b'{"pixels":' * depth + b"0" + b"}" * depth


@mechanism("request", "body", "application/json")
def odd_json(rng: Rng, step: int) -> bytes:
    said: tuple[object, ...] = (
        {"image": "\ud800", "pixels": "\0", "model": "\0", "prompt": "\ud800"},
        {"pixels": [1e308] * 784, "image": {"a": 1}, "count": 10**400, "seed": 10**400},
        {"pixels": [None] * 784, "model": [], "edits": [], "mix": 1, "files": 5},
        {"pixels": ["9" * 5_000] * 784, "image": None, "label": {}},
        [[], {}, "a"],
    )
    return json.dumps(said[step]).encode()


@mechanism("request", "body", "application/json")
def numbers_that_json_has_not(rng: Rng, step: int) -> bytes:
    number = (b"NaN", b"Infinity", b"1e99999", b"9" * 5_000, b"-0.0e-9999")[step]
    return b'{"pixels": [%b], "seed": %b, "count": %b, "truncation": %b}' % (
        b",".join([number] * 784),
        *(number for _ in range(3)),
    )


@mechanism("request", "body", "application/json")
def json_that_is_none(rng: Rng, step: int) -> bytes:
    return (b"", b"{", b"\xff\xfe{\0}\0", b'{"image": "\xed\xa0\x80"}', rng.bytes(1_000))[step]


@mechanism("request", "body", "application/x-www-form-urlencoded")
def many_fields_in_query(rng: Rng, step: int) -> bytes:
    return b"&".join(b"a%d=%%00%%ff" % number for number in range((9, 99, 1_001, 20_000, 200_000)[step]))


@mechanism("request", "body", "text/plain; charset=nonsense")
def other_content_type(rng: Rng, step: int) -> bytes:
    return rng.bytes(10 ** (step + 1))
