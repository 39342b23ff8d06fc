import io
import zipfile

from uploads.archive import Archive


def names_of(*names: str) -> list[str]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name in names:
            packed.writestr(name, b"")
    return Archive(stream).names()


def test_files_come_in_the_order_of_their_numbers() -> None:
    assert names_of("p10.png", "p2.png", "p002b.png", "p1.png") == [
        "p1.png",
        "p2.png",
        "p002b.png",
        "p10.png",
    ]


def test_a_name_that_only_looks_like_a_number_is_a_name() -> None:
    nines, eights = "9" * 5_000, "8" * 5_000
    names = names_of("²", "1²3.png", "½.png", nines, eights, "٣.png")
    assert len(names) == 6 and names.index(eights) < names.index(nines)
