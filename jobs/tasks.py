"""Workers import this, and by it what makes them work."""

from jobs import process

__all__ = ["process"]
