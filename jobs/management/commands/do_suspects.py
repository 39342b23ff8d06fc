"""Do the jobs that were running when a process died, one at a time: what kills this process harms no other job."""

import signal
from importlib import import_module

from django.core.management.base import BaseCommand, CommandParser

from jobs.kinds import KINDS, start_thread
from jobs.process import Process


class Command(BaseCommand):
    help = "Do the jobs of a kind that were running when a process died. Workers start this."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("module", help="where the kind is")
        parser.add_argument("name", help="of the kind")

    def handle(self, *, module: str, name: str, **options: object) -> None:
        import_module(module)
        process = Process()
        process.beat()
        process.start()
        signal.signal(signal.SIGTERM, process.stop)
        start_thread(KINDS[name].do_suspects).join()  # this thread hears signals, whatever native code is at
        process.stop()
