"""Orders as the REST contract has them, and what came in with a request."""

from generator.serializers.orders import OrderSerializer
from generator.serializers.requests import (
    MOST_LETTERS,
    DeletionSerializer,
    MarkSerializer,
    OrderRequestSerializer,
    SettingsFileSerializer,
)

__all__ = [
    "MOST_LETTERS",
    "DeletionSerializer",
    "MarkSerializer",
    "OrderRequestSerializer",
    "OrderSerializer",
    "SettingsFileSerializer",
]
