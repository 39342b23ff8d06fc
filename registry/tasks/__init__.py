"""Look at weights, measure and train: the one package here that knows the networks, beside the commands. Celery finds
the tasks by its name."""

from registry.tasks import packaged, trainings, versions

__all__ = ["packaged", "trainings", "versions"]
