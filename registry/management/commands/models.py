"""manage.py models list|packaged|show|activate|rollback|archive|shadow|canary|import|export: what admins do, typed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from jobs.claims import Rejected
from ml.core.cards import card_file
from ml.inspection import Unfit
from registry import services
from registry.canaries import given
from registry.management.commands._figures import table
from registry.models import Doubt, ModelVersion
from registry.presentation.packaged import packaged_rows
from registry.tasks.versions import add_inspected, measure_now
from registry.uploads import checked_card
from registry.weight_files import weights_folder, weights_name

SHORTEST_HASH = 8  # letters of a sha256 that name a version, as pages show it
WHICH = "its number, its name (of several the newest) or the first 8 letters of its sha256"


class Command(BaseCommand):
    help = "Lists networks, shows one, chooses which one answers, and takes them to other sites."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every network").add_argument("kind", nargs="?", default="")
        actions.add_parser("packaged", help="networks that come in packages, which have no version")
        actions.add_parser("show", help="one with its figures").add_argument("version", help=WHICH)
        chosen = actions.add_parser("activate", help="let it answer for its kind")
        chosen.add_argument("version", help=WHICH)
        chosen.add_argument(
            "--confirm",
            action="store_true",
            help="although it is far worse than the one that answers, or cannot be measured",
        )
        back = actions.add_parser("rollback", help="let the one before answer again")
        back.add_argument("kind")
        actions.add_parser("archive", help="offer it to nobody any more").add_argument("version", help=WHICH)
        unseen = actions.add_parser(
            "shadow", help="run it in the shadow of the one that answers, or tell how it did"
        )
        unseen.add_argument("version", help=WHICH)
        mode = unseen.add_mutually_exclusive_group()
        mode.add_argument(
            "--percent", type=int, choices=range(1, 101), metavar="1-100", help="of the requests"
        )
        mode.add_argument("--end", action="store_true", help="end that")
        some = actions.add_parser("canary", help="let it give a share of the answers, or tell how it did")
        some.add_argument("version", help=WHICH)
        how = some.add_mutually_exclusive_group()
        how.add_argument("--percent", type=int, choices=range(1, 51), metavar="1-50", help="of the answers")
        how.add_argument("--end", action="store_true", help="end that")
        for parser in (chosen, back):
            parser.add_argument("--why", default="", help="kept in the log")
        for parser in (chosen, back, unseen, some):
            parser.add_argument("--by", default="", help="name of the admin who does it; none: the site")
        brought = actions.add_parser("import", help="take in a folder that export wrote, as a candidate")
        brought.add_argument("folder", type=Path)
        taken = actions.add_parser("export", help="write weights and card into a folder")
        taken.add_argument("version", help=WHICH)
        taken.add_argument("folder", type=Path)

    def handle(self, action: str, **options: Any) -> None:
        try:
            getattr(self, f"do_{action}")(options)
        except Unfit as problem:
            raise CommandError(str(problem)) from problem
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except OSError as problem:
            raise CommandError(f"A file could not be read or written: {problem}") from problem

    def do_list(self, options: dict[str, Any]) -> None:
        versions = ModelVersion.objects.public().order_by("kind", "state", "-created_at")
        for version in versions.filter(kind=options["kind"]) if options["kind"] else versions:
            made = timezone.localtime(version.created_at)
            self.stdout.write(
                f"{version.pk:5}  {version.kind:10}  {version.state:9}  {made:%Y-%m-%d %H:%M}  {version}"
            )

    def do_packaged(self, options: dict[str, Any]) -> None:
        for row in packaged_rows():
            size = f"{row.size / 1e6:.1f} MB" if row.size else "–"
            spent = f"{row.milliseconds:.1f} ms" if row.milliseconds is not None else "–"
            key, package = row.network.key, row.network.package
            name = f"{package.name} {package.version or '(not installed)'}"
            self.stdout.write(
                f"{key:14}  {name:28}  {package.licence:10}  {size:>8}  {spent:>9}  {row.purpose}"
            )

    def do_show(self, options: dict[str, Any]) -> None:
        version = found(options["version"])
        self.stdout.write(f"{version.pk}: {version.name}, for {version.kind}, {version.state}")
        self.stdout.write(f"sha256 {version.sha256}")
        for title, is_stated in (("", False), ("stated by its maker:", True)):
            rows = [row for row in version.figures if row["is_stated"] == is_stated]
            if rows:
                self.stdout.write(f"{title}\n{table(rows)}".strip())

    def do_activate(self, options: dict[str, Any]) -> None:
        """It is measured first, where nobody has done so."""
        version, wanted = found(options["version"]), {"by": admin(options["by"]), "why": options["why"]}
        try:
            live = ModelVersion.objects.answering(version.kind).first()
            if not services.is_measured(version, live):
                measure_now(version)
        except Rejected as problem:
            if not options["confirm"]:
                raise CommandError(f"{problem} --confirm lets it answer all the same.") from problem
            services.activate(version=version, doubt=Doubt.of("unmeasured", version), **wanted)
        else:
            services.activate_measured(version=version, is_confirmed=options["confirm"], **wanted)
        self.stdout.write(f"{version} answers for {version.kind} from now on.")

    def do_rollback(self, options: dict[str, Any]) -> None:
        version = services.roll_back(kind=options["kind"], by=admin(options["by"]), why=options["why"])
        self.stdout.write(f"{version} answers for {version.kind} again.")

    def do_archive(self, options: dict[str, Any]) -> None:
        version = found(options["version"])
        services.archive(version=version)
        self.stdout.write(f"{version} is archived.")

    def do_shadow(self, options: dict[str, Any]) -> None:
        self.run_beside(options, is_canary=False)

    def do_canary(self, options: dict[str, Any]) -> None:
        """It is measured first, where nobody has done so."""
        version = found(options["version"])
        live = ModelVersion.objects.answering(version.kind).first()
        if options["percent"] and not services.is_measured(version, live):
            try:
                measure_now(version)
            except Rejected as problem:
                raise CommandError(str(problem)) from problem
        self.run_beside(options, is_canary=True)

    def run_beside(self, options: dict[str, Any], *, is_canary: bool) -> None:
        version, begin = found(options["version"]), services.begin_shadow
        if options["percent"]:
            begin = services.begin_canary if is_canary else begin
            begin(version=version, percent=options["percent"], by=admin(options["by"]))
        if options["end"]:
            services.end_shadow(version=version, by=admin(options["by"]))
        shadow = version.shadows.filter(is_canary=is_canary).select_related("live").first()
        if shadow is None:
            what = "was no canary yet" if is_canary else "was never in the shadow"
            raise CommandError(f"{version} {what}: --percent 10 lets it see 10 % of the requests.")
        state = f"ended {shadow.ended_because}".strip() if shadow.ended_at else "running"
        self.stdout.write(f"{version} beside {shadow.live}, {shadow.percent} % of the requests, {state}.")
        both = zip((version, shadow.live), given(shadow), strict=True) if is_canary else ()
        for one, its in both:
            self.stdout.write(f"{one} gave {its.answers} answers, {its.corrected} of them corrected.")
        same = f"{shadow.agreed} of {shadow.compared} answers the same"
        self.stdout.write(f"{shadow.requests} requests, {same}; no answer to {shadow.failed} requests.")

    def do_import(self, options: dict[str, Any]) -> None:
        cards = list(options["folder"].glob("*.json"))
        if len(cards) != 1:
            raise CommandError(
                f"{options['folder']} must hold one card and its weights: NAME.json and NAME.safetensors."
            )
        with cards[0].open("rb") as card, cards[0].with_suffix(".safetensors").open("rb") as content:
            about = checked_card(File(content), File(card))
            services.check_new(about)
            version = add_inspected(about, content.read())
        self.stdout.write(f"{version.pk}: {version} is a candidate for {version.kind} now.")
        try:
            measure_now(version)
        except Rejected as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(table(version.measured))

    def do_export(self, options: dict[str, Any]) -> None:
        version, folder = found(options["version"]), options["folder"]
        if version.card.get("packaged"):
            raise CommandError(f"The Python package {version.card['packaged']} holds these weights.")
        content = (weights_folder(version) / weights_name(version)).read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / weights_name(version)).write_bytes(content)
        (folder / f"{version.name}.json").write_bytes(card_file(version.card))
        self.stdout.write(f"Written to {folder}: {weights_name(version)} and {version.name}.json.")


def found(text: str) -> ModelVersion:
    """Raises CommandError where there is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) < SHORTEST_HASH
    meant = Q(pk=int(text)) if is_number else Q(name=text)
    if len(text) >= SHORTEST_HASH:
        meant |= Q(sha256__startswith=text)
    version = ModelVersion.objects.public().filter(meant).order_by("-created_at").first()
    if version is None:
        raise CommandError(f"There is no network {text}: manage.py models list names them.")
    return version


def admin(name: str) -> User | None:
    """Raises CommandError where nobody of this name manages networks here."""
    user = User.objects.filter(username=name, is_staff=True).first()
    if name and user is None:
        raise CommandError(f"There is no admin {name} here.")
    return user
