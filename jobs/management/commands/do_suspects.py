"""Do the jobs that were running when a process died, one at a time: what kills this process harms no other job."""

import signal
from importlib import import_module

from django.core.management.base import BaseCommand, CommandParser

from jobs.claims import LeaseLost, claim, stopping
from jobs.kinds import KINDS, Kind
from jobs.process import Process


class Command(BaseCommand):
    help = "Do the jobs that were running when a process died, of the kinds in these modules. Workers start this."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("modules", nargs="+")

    def handle(self, *, modules: list[str], **options: object) -> None:
        signal.signal(signal.SIGTERM, lambda *_args: stopping.set())
        for module in modules:
            import_module(module)
        process = Process()
        process.start()
        try:
            while any([do_one(kind) for kind in KINDS.values()]):  # noqa: C419 - one of each kind in turn
                pass
        except LeaseLost:
            pass  # this thread was interrupted: the next process does what is left
        process.stop()


def do_one(kind: Kind) -> bool:
    held = [] if stopping.is_set() else claim(kind.name, suspects=True)
    if held:
        kind.do(held)
    return bool(held)
