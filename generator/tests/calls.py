"""What a program asks of faces, and a worker's part in it."""

import io
from typing import Any

import numpy as np
from PIL import Image

from generator import services, tasks
from generator.models import Order
from generator.serializers import OrderRequestSerializer


def wish(owner, **settings: Any) -> Order:
    """An order as a person makes it."""
    ask = OrderRequestSerializer(data=settings)
    ask.is_valid(raise_exception=True)
    return services.draw(owner=owner, **ask.validated_data)


def draw() -> None:
    """A worker serves all that wait."""
    tasks.draw()


def drawn(owner, **settings: Any) -> Order:
    order = wish(owner, **settings)
    draw()
    return fresh(order)


def fresh(order: Order) -> Order:
    return Order.objects.select_related("job", "model").get(pk=order.pk)


def pngs(order: Order) -> list[bytes]:
    return [bytes(face.png) for face in order.faces.all()]


def ask(api, headers=None, **settings: Any):
    return api.post("/api/faces/", settings, format="json", headers=headers)


def sentences(answer) -> list[str]:
    return [error["detail"] for error in answer.json()["errors"]]


def photo(seed: int = 1) -> bytes:
    """Coloured noise that is uploaded as a picture of a face."""
    noise = np.random.default_rng(seed).integers(0, 255, (80, 60, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    return out.getvalue()


def upload(content: bytes, name: str = "face.png") -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file
