"""Makes tests/upgrade/fixture: a site that has been used, with the code of commit 9c7b836.

    git worktree add /tmp/old 9c7b836 && ln -s $PWD/.venv /tmp/old/.venv
    .venv/bin/python tests/upgrade/make_fixture.py /tmp/old postgres://postgres@127.0.0.1:5432/scratch

The second argument is an empty database of PostgreSQL, into which the rows are copied; pg_dump must be there. All that
is done goes over HTTP to the old site's own web process and worker. What is left out of the files: copies of weights
that come with the repository (the site makes them when a network answers) and `taught.onnx`, a large download that
answers nothing.
"""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OLD = Path(sys.argv[1]).resolve()
sys.path[:0] = [str(HERE), str(OLD)]  # ml, benchmarks and sheets are the old ones

import numpy as np  # noqa: E402
import safetensors.torch  # noqa: E402
import torch  # noqa: E402
from benchmarks.ink import MM_PER_INCH, PENS, Hand, Page  # noqa: E402
from packing import pack_files, pack_postgres, pack_sqlite  # noqa: E402
from PIL import Image  # noqa: E402
from processes import WORKER, Checkout, kill, processor  # noqa: E402
from visitor import Visitor  # noqa: E402

from benchmarks.handwriting import drawing, write_skeleton  # noqa: E402
from benchmarks.pupils import Pupil, fill  # noqa: E402
from grading.sheet.pdf_pages import render_page  # noqa: E402
from ml.digits import build, plain  # noqa: E402

COMMIT = "9c7b836"
OUT = HERE / "fixture"
PASSWORD = "drawn-by-hand-7"
DPI = 150
PEOPLE = (
    "from accounts.models import User; "
    f"User.objects.create_user('minji', password='{PASSWORD}', role='teacher'); "
    f"User.objects.create_user('root', password='{PASSWORD}', role='admin')"
)
ITEMS = [
    *({"number": number, "kind": "choice", "options": "ㄱ-ㅁ", "answer": "ㄷ"} for number in range(1, 7)),
    *({"number": number, "kind": "choice", "options": 5, "answer": "2"} for number in range(7, 11)),
    *({"number": number, "kind": "ox", "answer": "O"} for number in range(11, 14)),
    *({"number": number, "kind": "number", "digits": 3, "answer": "417", "points": 2} for number in (14, 15)),
]
EXAM = {"title": "2026학년도 중간고사", "language": "ko", "id_groups": "school", "items": ITEMS}
ANSWERS = {
    "first": ("20704", "ㄱ ㄷ ㄷ ㅁ ㄴ ㄷ 2 2 5 1 O X O 417 86"),
    "queued": ("20711", "ㄷ ㄷ ㄷ ㄷ ㄷ ㄷ 2 2 2 2 O O O 417 417"),
    "unread": ("20725", "ㄹ ㄷ ㅁ ㄷ ㄱ ㄴ 2 3 2 4 X O O 903 417"),
}


# --- what is sent


def png(picture: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def digits_picture(digits: str) -> bytes:
    rng = np.random.default_rng(7)
    return png(255 - np.hstack([drawing(int(digit), rng) for digit in digits]))


def filled(sheet: bytes, layout: dict[str, Any], number: str, answers: str) -> bytes:
    """A printed sheet as a pupil handed it in, scanned: a PDF."""
    picture = np.repeat(render_page(sheet, 0, DPI)[..., None], 3, axis=2)
    hand = Hand(tremor=0.04, aim=0.2, bias=(0.1, -0.1), pressure=1.0)
    given = dict(enumerate(answers.split(), start=1))
    pupil = Pupil(number, "", PENS[0], hand, "full", given)
    fill(
        Page(picture, DPI / MM_PER_INCH), layout["pages"][0], pupil, write_skeleton, np.random.default_rng(3)
    )
    out = io.BytesIO()
    Image.fromarray(picture).convert("L").save(out, "PDF", resolution=DPI, quality=60)
    return out.getvalue()


def small_network(card: dict[str, Any], seed: int = 1) -> dict[str, tuple[str, bytes]]:
    """A network of digits that has learned nothing, as an admin uploads it."""
    torch.manual_seed(seed)
    state = plain(build("dense", {"hidden": (8,)})).state_dict()
    content = safetensors.torch.save({name: tensor.contiguous() for name, tensor in state.items()})
    return upload_of(content, card | {"name": "small", "config": {"hidden": [8]}, "metrics": []})


def own_marks(card: dict[str, Any]) -> dict[str, tuple[str, bytes]]:
    """The committed network of marks under another name: what is added to the file's head changes its hash."""
    tensors = safetensors.torch.load((OLD / "ml/weights/marks.safetensors").read_bytes())
    return upload_of(safetensors.torch.save(tensors, {"copy": "own"}), card | {"name": "own_marks"})


def upload_of(content: bytes, card: dict[str, Any]) -> dict[str, tuple[str, bytes]]:
    card = card | {"sha256": hashlib.sha256(content).hexdigest()}
    return {"weights": ("weights.safetensors", content), "card": ("card.json", json.dumps(card).encode())}


def tile(seed: int, colour: tuple[int, int, int]) -> np.ndarray:
    """A small picture of coarse noise around a colour."""
    noise = np.random.default_rng(seed).normal(0, 40, (8, 8, 3))
    return np.clip(np.kron(noise + colour, np.ones((8, 8, 1))), 0, 255).astype(np.uint8)


# --- what people did


def upload_networks(root: Visitor) -> dict[str, Any]:
    """A small network to be asked by name, one of marks that answers, and one that was refused."""
    rows = root.get("/api/models/?page_size=100")["results"]
    cards = {row["name"]: root.get(f"/api/models/{row['id']}/")["card"] for row in rows}
    dense = cards["digits_dense"]
    files = small_network(dense)
    small = root.ask("/api/models/", "/api/models/uploads/", files=files)["model"]["id"]
    root.post(f"/api/models/{small}/activate/", json={"why": "To try it"})
    root.post("/api/models/digits/rollback/", json={})
    wrong = root.post("/api/models/", files=upload_of(small_network(dense, 2)["weights"][1], dense))
    assert root.ended(wrong["job"]["id"])["error"]
    marks = root.ask("/api/models/", "/api/models/uploads/", files=own_marks(cards["marks"]))["model"]["id"]
    return {"small": small, "marks": marks}


def read_digits(minji: Visitor, small: int) -> dict[str, Any]:
    picture = {"image": ("3408.png", digits_picture("3408"))}
    pixels = drawing(5, np.random.default_rng(5)).ravel().tolist()
    return {
        "picture": minji.ask("/api/digits/", files=picture)["id"],
        "pixels": minji.ask("/api/digits/", json={"pixels": pixels})["id"],
        "by_small": minji.ask("/api/digits/", data={"model": small}, files=picture)["id"],
    }


def grade(minji: Visitor) -> tuple[int, dict[str, bytes]]:
    """An exam with a roster, its printed sheet, and one pupil's sheet that was read; all sheets as scanned."""
    pk = minji.post("/api/exams/", json=EXAM)["id"]
    roster = "번호,이름\n" + "".join(f"{number},학생 {name}\n" for name, (number, _) in ANSWERS.items())
    minji.send("PUT", f"/api/exams/{pk}/roster/", files={"file": ("roster.csv", roster.encode())})
    sheet, layout = minji.fetch(f"/api/exams/{pk}/sheet.pdf"), minji.get(f"/api/exams/{pk}/layout/")
    scans = {name: filled(sheet, layout, *answers) for name, answers in ANSWERS.items()}
    minji.ask(f"/api/exams/{pk}/scans/", "/api/scans/", files={"files[]": ("first.pdf", scans["first"])})
    (paper,) = minji.get(f"/api/exams/{pk}/papers/")["results"]
    assert (paper["student"], paper["status"]) == (ANSWERS["first"][0], "graded"), paper
    return pk, {"sheet": sheet, **scans}


def look_at_pictures(minji: Visitor) -> dict[str, Any]:
    """A picture with its whole card, and an album of two."""
    photos = {name: (OLD / f"static/classifier/samples/{name}.jpg").read_bytes() for name in ("cat", "sign")}
    files = [("images[]", (f"{name}.jpg", content)) for name, content in photos.items()]
    album = minji.ask("/api/albums/", data={"name": "Two", "only": "labels"}, files=files)
    picture = minji.ask("/api/pictures/", files={"image": ("cat.jpg", photos["cat"])})
    return {"picture": picture["id"], "album": album["id"]}


def teach(minji: Visitor) -> dict[str, Any]:
    """A classifier that learned, with a picture named by it; and one whose pictures were too few."""
    tiles = {"warm": (210, 120, 60), "cold": (60, 120, 210)}
    good, poor = (minji.post("/api/classifiers/", json={"name": name})["id"] for name in ("Tiles", "Few"))
    for label, colour in tiles.items():
        many = [("images[]", (f"{seed}.png", png(tile(seed, colour)))) for seed in range(6)]
        same = [("images[]", (f"{side}.png", png(tile(9, colour)[:side, :side]))) for side in (63, 64)]
        for pk, files in ((good, many), (poor, same)):
            row = minji.post(f"/api/classifiers/{pk}/examples/", data={"label": label}, files=files)
            assert minji.ended(row["job"]["id"])["status"] == "done"
    learned, failed = (
        minji.ended(minji.post(f"/api/classifiers/{pk}/train/", json={"fine_tune": False})["job"]["id"])
        for pk in (good, poor)
    )
    assert learned["status"] == "done" and failed["error"], (learned, failed)
    new = {"image": ("warm.png", png(tile(20, tiles["warm"])))}
    return {
        "classifier": good,
        "taught": minji.ask("/api/pictures/", data={"classifier": good}, files=new)["id"],
    }


def cut_off(minji: Visitor, worker: subprocess.Popen[bytes]) -> str:
    """A job that was running when the power went: 64 faces of which some are drawn."""
    job = minji.post("/api/faces/", json={"count": 64, "seed": 500})["job"]["id"]
    while not minji.job(job)["progress"]:
        time.sleep(0.02)
    kill(worker)
    assert minji.job(job)["status"] == "running"
    return job


def leave_waiting(minji: Visitor, exam: int, scan: bytes) -> dict[str, str]:
    """What was asked while no worker ran; one of it was cancelled."""
    digits = minji.post("/api/digits/", files={"image": ("271.png", digits_picture("271"))})
    files = {"files[]": ("queued.pdf", scan)}
    sheets = minji.post(f"/api/exams/{exam}/scans/", files=files)
    cancelled = minji.post("/api/faces/", json={"count": 1})["job"]["id"]
    minji.post(f"/api/jobs/{cancelled}/cancel/")
    return {"digits": digits["job"]["id"], "scan": sheets["job"]["id"], "cancelled": cancelled}


def use(old: Checkout) -> tuple[dict[str, Any], dict[str, bytes]]:
    """All of it; what tests compare with, and the papers."""
    with old.web() as url:
        minji, root = (Visitor(url, name, PASSWORD) for name in ("minji", "root"))
        with old.running(WORKER) as worker:
            networks = upload_networks(root)
            readings = read_digits(minji, networks["small"])
            exam, papers = grade(minji)
            root.post(f"/api/models/{networks['marks']}/activate/", json={"why": "학교에서 배운 것"})
            things = look_at_pictures(minji) | teach(minji)
            faces = minji.ask("/api/faces/", json={"count": 2, "seed": 7, "edits": {"smile": 1}})["id"]
            jobs = {"running": cut_off(minji, worker)}
        jobs |= leave_waiting(minji, exam, papers["queued"])
        histories = {
            one.name: {language: one.history(language) for language in ("en", "ko")} for one in (minji, root)
        }
        answers = {name: {"student": one, "answers": said.split()} for name, (one, said) in ANSWERS.items()}
        expected = {
            "commit": COMMIT,
            "processor": processor(),
            "password": PASSWORD,
            "jobs": jobs,
            "readings": {name: minji.get(f"/api/digits/{pk}/") for name, pk in readings.items()},
            "exam": exam,
            "papers": answers,
            "layout": minji.get(f"/api/exams/{exam}/layout/")["fingerprint"],
            "pictures": {name: minji.get(f"/api/pictures/{things[name]}/") for name in ("picture", "taught")},
            "classifier": things["classifier"],
            "faces": faces,
            "histories": histories,
        }
    return expected, papers


# --- what is kept


def check_commit() -> None:
    asked = ["git", "-C", str(OLD), "rev-parse", "HEAD"]
    found = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    if not found.startswith(COMMIT):
        raise SystemExit(f"{OLD} is at {found[:7]}: give a checkout of {COMMIT}.")


def main(postgres: str) -> None:
    check_commit()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        old = Checkout(OLD, sys.executable, DATA_DIR=name, DATABASE_URL=f"sqlite:///{folder}/nunbit.sqlite3")
        old.manage("migrate", "--verbosity", "0")
        old.manage("shell", "--verbosity", "0", "--command", PEOPLE)
        expected, papers = use(old)
        for paper, content in papers.items():
            (OUT / f"{paper}.pdf").write_bytes(content)
        (OUT / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
        pack_sqlite(folder / "nunbit.sqlite3", OUT)
        pack_files(folder, shipped(), OUT)
        pack_postgres(old, folder / "rows.json", postgres, OUT)


def shipped() -> set[str]:
    """The hashes of the weights that the release itself brings."""
    return {json.loads(card.read_text())["sha256"] for card in (OLD / "ml/weights").glob("*.json")}


if __name__ == "__main__":
    main(sys.argv[2])
