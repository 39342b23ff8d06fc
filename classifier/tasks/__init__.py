"""Look at pictures, and teach: the one package here that knows the networks. Celery finds the tasks by its name."""

from classifier.tasks import pictures, teaching

__all__ = ["pictures", "teaching"]
