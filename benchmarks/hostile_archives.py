"""ZIPs that unpack to too much, lie about what they hold, or name what is not theirs."""

import struct
import zipfile
import zlib

import numpy as np

from benchmarks.hostile_files import mechanism, packed
from benchmarks.hostile_pdfs import one_page
from benchmarks.hostile_pictures import png, zeros

Rng = np.random.Generator


def small_png() -> bytes:
    return png(64, 64, zeros(65 * 64))


def entry(name: bytes, data: bytes, size: int, method: int = 8, flags: int = 0, extra: bytes = b"") -> bytes:
    """What stands before a file in a ZIP, and the file. size: that it claims to unpack to."""
    head = struct.pack(
        "<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0, 33, 0, len(data), size, len(name), len(extra)
    )
    return head + name + extra + data


def row(
    name: bytes,
    length: int,
    size: int,
    at: int,
    crc: int = 0,
    method: int = 8,
    flags: int = 0,
    extra: bytes = b"",
    comment: bytes = b"",
) -> bytes:
    """A line of the directory."""
    numbers = (
        b"PK\1\2",
        20,
        20,
        flags,
        method,
        0,
        33,
        crc,
        length,
        size,
        len(name),
        len(extra),
        len(comment),
        0,
        0,
        0,
        at,
    )
    return struct.pack("<4sHHHHHHIIIHHHHHII", *numbers) + name + extra + comment


def archive(entries: bytes, rows: bytes, count: int, comment: bytes = b"") -> bytes:
    count = min(count, 0xFFFF)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(rows), len(entries), len(comment))
    return entries + rows + end + comment


def raw(content: bytes) -> bytes:
    """Deflated as a ZIP holds it."""
    return zlib.compress(content, 1)[2:-4]


@mechanism("archive", "zip")
def zip_bomb(rng: Rng, step: int) -> bytes:
    """One picture of 30 to 200 MB of zeros."""
    sizes = (30, 60, 99, 120, 200)
    return packed({"a/page.png": b"\x89PNG\r\n\x1a\n" + bytes(sizes[step] * 1_000_000)})


@mechanism("archive", "zip")
def overlapping_entries(rng: Rng, step: int) -> bytes:
    """Hundreds of names for the same 10 MB (D. Fifield, 2019)."""
    bomb = bytes(10_000_000)
    data, checksum, count = raw(bomb), zlib.crc32(bomb), (9, 99, 400, 1_999, 20_000)[step]
    rows = b"".join(row(b"a/%d.png" % number, len(data), len(bomb), 0, checksum) for number in range(count))
    return archive(entry(b"a/0.png", data, len(bomb)), rows, count)


@mechanism("archive", "zip")
def zip_in_zip(rng: Rng, step: int) -> bytes:
    """As deep as 81, and two of each."""
    inner = small_png()
    content = packed({"a/page.png": inner})
    for _ in range(3**step):
        content = packed({"a/page.png": content, "a/second.zip": content[: 1 << 20]})
    return content[:20_000_000]


@mechanism("archive", "zip")
def many_entries(rng: Rng, step: int) -> bytes:
    """10^3 to 10^5 files without a byte."""
    count = (1_000, 1_999, 2_001, 30_000, 100_000)[step]
    return packed({f"a/{number}.png": b"" for number in range(count)}, zipfile.ZIP_STORED)


@mechanism("archive", "zip")
def lying_entry_sizes(rng: Rng, step: int) -> bytes:
    """A file says that it is of 0, 1 or 10^9 bytes, or that there are other many."""
    size, data = (0, 1, 999_999_999, 2**32 - 1, 70)[step], raw(bytes(30_000_000))
    rows = row(b"a/page.png", len(data), size, 0)
    return archive(entry(b"a/page.png", data, size), rows, (1, 1, 60_000, 1, 0)[step])


@mechanism("archive", "zip")
def zip64_lies(rng: Rng, step: int) -> bytes:
    """Sizes and places that stand in a record of ZIP64, which is missing or says 2^63."""
    wide = 2**32 - 1
    numbers = (
        b"",
        struct.pack("<HHQQ", 1, 16, 2**63, 2**63),
        struct.pack("<HH", 1, 9),
        struct.pack("<HHQ", 1, 8, 0),
        b"\1\0",
    )
    rows = row(b"a/page.png", wide, wide, wide, extra=numbers[step])
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, (0, 2**63 - 1, 5, 40, 2**40)[step], 1)
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, wide, wide, 0)
    return entry(b"a/page.png", b"", wide) + rows + locator + end


@mechanism("archive", "zip")
def outside_paths(rng: Rng, step: int) -> bytes:
    names = (
        "../../etc/page.png",
        "/etc/page.png",
        "C:\\a\\page.png",
        "a/..\\..\\page.png",
        "\\\\server\\a\\page.png",
    )
    return packed({names[step]: small_png()})


@mechanism("archive", "zip")
def other_packing(rng: Rng, step: int) -> bytes:
    """bzip2 and LZMA, of 20 to 99 MB, and ways that there are not."""
    methods = (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    if step == 4:
        rows = row(b"a/page.png", 9, 9, 0, method=99)
        return archive(entry(b"a/page.png", bytes(9), 9, method=99), rows, 1)
    return packed({"a/page.png": small_png() + bytes((20, 20, 60, 30)[step] * 1_000_000)}, methods[step])


@mechanism("archive", "zip")
def encrypted_zip(rng: Rng, step: int) -> bytes:
    """A file says that it needs a password, in the old way or in a new one."""
    flags = (0x1, 0x41, 0x2001, 0x801, 0x1)[step]
    data = rng.bytes(200)
    rows = row(b"a/page.png", len(data), 300, 0, flags=flags, method=99 if step == 4 else 8)
    return archive(entry(b"a/page.png", data, 300, flags=flags), rows, 1)


@mechanism("archive", "zip")
def odd_names(rng: Rng, step: int) -> bytes:
    """Names in every encoding, of up to 60,000 letters, with NUL, line ends, surrogates, and none at all."""
    names = (
        ["시험.png".encode(code) for code in ("utf-8", "cp949", "utf-16", "utf-8-sig", "iso2022_kr")],
        [b"a\0b.png", b"a\nb\r.png", b"\x7f\x1b[31m.png", b".png", b" "],
        [b"\xed\xa0\x80.png", b"\xf0\x9f.png", b"\xff\xfe.png", b"\xc0\xaf.png"],
        [b"a" * 60_000 + b".png", b"a/" * 20_000 + b"b.png"],
        [b"", b"/", b"a/", b"<script>alert(1)</script>.png", b"\xe2\x80\xaegnp.exe"],
    )
    data, entries, rows = small_png(), b"", b""
    for number, name in enumerate(names[step]):
        flags = 0x800 if number % 2 == step % 2 else 0
        rows += row(name, len(data), len(data), len(entries), zlib.crc32(data), 0, flags)
        entries += entry(name, data, len(data), 0, flags)
    return archive(entries, rows, len(names[step]))


@mechanism("archive", "zip")
def the_same_name(rng: Rng, step: int) -> bytes:
    """2 to 500 files of one name."""
    count = (2, 10, 50, 200, 500)[step]
    data = small_png()
    rows = row(b"a/page.png", len(data), len(data), 0, zlib.crc32(data), 0) * count
    return archive(entry(b"a/page.png", data, len(data), 0), rows, count)


@mechanism("archive", "zip")
def huge_directory(rng: Rng, step: int) -> bytes:
    """1 to 60 MB of remarks on some files."""
    count = (10, 100, 400, 700, 900)[step]
    rows = row(b"a/page.png", 0, 0, 0, method=0, comment=b"a" * 0xFFFF) * count
    return archive(entry(b"a/page.png", b"", 0, 0), rows, count, b"a" * 0xFFFF)


@mechanism("archive", "zip")
def bombs_in_zip(rng: Rng, step: int) -> bytes:
    """4 to 64 files that break the limits of whoever opens them, between a large picture and a good one."""
    tall = png(1, 99_000_000, zeros(198_000_000)) if step % 2 else png(1, 29_999, zeros(60_000))
    flat = png(8_000, 8_000, zeros(8_001 * 8_000))
    slow = one_page(b"40 w\n" + b"0 0 m 595 0 0 842 595 842 c S\n" * 200_000)
    bombs = {
        f"a/{number}.{end}": bomb
        for number in range(2 * 2**step)
        for end, bomb in (("png", tall), ("pdf", slow))
    }
    return packed({"a/0.tif": flat} | bombs | {"a/good.png": small_png()})


@mechanism("archive", "zip")
def cut_zip(rng: Rng, step: int) -> bytes:
    whole = packed({f"a/{number}.png": small_png() for number in range(20)})
    return whole[: len(whole) * (step + 1) // 6]


@mechanism("archive", "zip")
def scrambled_zip(rng: Rng, step: int) -> bytes:
    """Some bytes of its directory are others."""
    whole = bytearray(packed({f"a/{number}.png": small_png() for number in range(20)}))
    for place in rng.integers(len(whole) - 900, len(whole), 2 * 3**step):
        whole[place] = int(rng.integers(256))
    return bytes(whole)


@mechanism("archive", "pdf")
def two_kinds_at_once(rng: Rng, step: int) -> bytes:
    """A file that is a ZIP to one reader and a PDF, a PNG, a web page or another ZIP to the next."""
    inside = packed({"a/page.png": small_png()})
    before = (one_page(b"0 0 9 9 re f"), small_png(), b"<html>", inside, b"%PDF-1.4\n" * 50)
    return before[step] + inside


@mechanism("archive", "zip")
def other_archives(rng: Rng, step: int) -> bytes:
    """Archives that are none of ours: 7z, RAR, gzip, tar, xz, by their first bytes."""
    heads = (
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07\0",
        b"\x1f\x8b\x08",
        b"a.png" + bytes(252) + b"ustar",
        b"\xfd7zXZ\0",
    )
    return heads[step] + bytes(600)
