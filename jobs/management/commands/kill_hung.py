"""The health check of a worker's container."""

from django.core.management.base import BaseCommand

from jobs.supervision import kill_hung, stop_large


class Command(BaseCommand):
    help = "Kill the workers of this machine that have stopped beating, so that whoever started them starts others."

    def handle(self, *args: object, **options: object) -> None:
        for worker in kill_hung():
            self.stdout.write(f"{worker} (process {worker.pid}) hung and was killed.")
        for worker in stop_large():
            self.stdout.write(f"{worker} (process {worker.pid}) had grown too large and was asked to stop.")
