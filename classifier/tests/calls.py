"""What a program asks about pictures, and a worker's part in it."""

from classifier.tasks import pictures as tasks
from classifier.tests.photos import upload


def ask(api, content: bytes | None = None, *, name: str = "photo.jpg", headers=None, **more):
    data = {"image": upload(content, name), **more}
    return api.post("/api/pictures/", data, format="multipart", headers=headers)


def analysed(api, content: bytes | None = None, **more) -> dict:
    """Ask, let a worker look, and look again."""
    asked = ask(api, content, **more)
    assert asked.status_code == 202, asked.data
    task = tasks.label_pictures if more.get("only") else tasks.analyse_picture
    task(asked.data["job"]["id"])
    return api.get(asked["Location"]).data


def sentences(answer) -> list[str]:
    return [error["detail"] for error in answer.json()["errors"]]
