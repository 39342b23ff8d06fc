"""What is asked, what is right, and of whom."""

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.grants import Grant, Granted, GrantedQuerySet
from grading.scoring import total_of
from grading.sheet import layout_json
from grading.sheet.layout import Layout, lay_out
from grading.sheet.omrchecker.key import KeyItem
from grading.sheet.omrchecker.stored import layout_of, without_pictures
from grading.sheet.omrchecker.template import Template
from grading.sheet.spec import ItemSpec, SheetSpec, hexadecimal
from trash.models import KeptManager, Trashable
from web import codes
from web.files import Folders

lay_out_once = lru_cache(maxsize=128)(lay_out)


def laid_out(spec: SheetSpec) -> Layout:
    """The layout of all sheets that look like this one. Raises LayoutError."""
    return lay_out_once(spec.bare)


class OrderedJSONField(models.Field):
    """JSON whose objects keep the order of their parts, which PostgreSQL's own type forgets."""

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(value)  # None where a join found no row

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(value)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))


class ItemKind(models.TextChoices):
    CHOICE = "choice", _("Choice")
    OX = "ox", _("O/X")
    NUMBER = "number", _("Handwritten number")
    DIGITS_GRID = "digits_grid", _("Bubbled number")
    LETTER = "letter", _("Handwritten letter")
    OPEN = "open", _("Written answer")
    JOINED = "joined", _("Bubbles that are read together")  # of templates only


def new_code() -> str:
    """What names an exam in the square code of its sheets."""
    return codes.new_code(8)


class Exam(Granted, Trashable):
    FOR_TEACHERS = True
    FOLDERS = Folders("exams", is_first=True)

    class Paper(models.TextChoices):
        A4 = "A4", "A4"
        A5 = "A5", _("A5, two on a page of A4")
        B4 = "B4", _("B4 (257 × 364 mm)")
        LETTER = "Letter", "Letter"

    class Rounding(models.TextChoices):
        """To what the points of all answers together are rounded."""

        NOT = "", _("not at all")
        TENTHS = "0.1", _("to 0.1 points")
        HALVES = "0.5", _("to half points")
        WHOLE = "1", _("to whole points")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exams")
    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="ko")
    paper = models.CharField(_("paper"), max_length=10, choices=Paper.choices, default=Paper.A4)
    id_digits = models.PositiveSmallIntegerField(_("digits of the student number"), default=8)
    id_groups = models.JSONField(default=list, blank=True)  # [[label, digits], ...] in place of id_digits
    versions = models.PositiveSmallIntegerField(_("versions"), default=1)
    rounding = models.CharField(_("Round scores"), max_length=5, choices=Rounding, default="", blank=True)
    is_never_negative = models.BooleanField(_("No score is below 0"), default=False)
    grades = models.JSONField(
        default=dict, blank=True, editable=False
    )  # scale → cuts, as `grading.results.grades` has them
    orders = models.JSONField(
        default=dict, blank=True, editable=False
    )  # of versions, as `grading.key.orders` has them
    is_learned_from = models.BooleanField(_("Networks may learn from corrections"), default=False)
    # Of sheets that were printed elsewhere: {"values": of template.json, "pictures": {name there: name in the storage}}
    # The order of its blocks is that of the results
    template = OrderedJSONField(default=dict, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)  # it is left out of lists, and takes no scans
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(GrantedQuerySet)()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("grading:exam", args=[self.pk])

    @cached_property
    def spec(self) -> SheetSpec:
        return self.spec_with(self.items.all())

    def spec_with(self, items: Iterable["Item"]) -> SheetSpec:
        """What its sheet asks for where it has these items."""
        return SheetSpec(
            title=self.title,
            items=tuple(item.spec for item in items),
            language=self.language,
            paper=str(self.paper),  # a fresh row has a choice here, which the fingerprint must not see
            id_digits=self.id_digits,
            id_groups=tuple((label, digits) for label, digits in self.id_groups),
            versions=self.versions,
        )

    @cached_property
    def layout(self) -> Layout:
        return layout_json.read(self.stored_layout().content)

    @cached_property
    def read_by(self) -> Template:
        """The template of its sheets, without the pictures, and with the key of its items."""
        return self.read_with(self.items.all())

    def read_with(self, items: Iterable["Item"]) -> Template:
        template = without_pictures(self.template["values"])
        asked = {item.name: item for item in items if item.takes_several(1)}
        key = tuple(KeyItem(name, (("".join(item.options), 1.0),), 0.0, 0.0) for name, item in asked.items())
        return replace(template, key=key)

    def with_items(self, items: Iterable["Item"]) -> "Exam":
        """The same exam, unsaved, as its pages would be read with these items."""
        draft = copy(self)
        if self.template:
            draft.read_by = self.read_with(items)
        return draft

    def stored_layout(self) -> "SheetLayout":
        """The boxes as they were first laid out for what is asked now; paper may have been printed by them since."""
        key = hexadecimal(self.template["values"]) if self.template else self.spec.key
        defaults = {"content": lambda: layout_json.write(self.laid_out())}
        return self.layouts.get_or_create(key=key, defaults=defaults)[0]

    def laid_out(self) -> Layout:
        return layout_of(self.read_by) if self.template else laid_out(self.spec)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def keyed_versions(self) -> list[int]:
        """Those with a key of their own: without the ones that are the first in another order."""
        return [version for version in range(1, self.versions + 1) if str(version) not in self.orders]

    def score_of(self, points: Decimal) -> Decimal:
        """Of a paper whose answers are worth so much together."""
        return total_of(points, step=self.rounding, is_never_negative=self.is_never_negative)

    @property
    def folder(self) -> str:
        """Where its files lie in the storage."""
        return self.FOLDERS.of(self.pk)

    def own_key(self, key: str) -> str:
        """The same idempotency key for another exam means something else."""
        return f"{self.pk}:{key}"[:200] if key else ""

    def doubts_of_number(self, number: str) -> list[str]:
        """That it is empty, where the sheet asks for one: other programs' forms need not."""
        return ["student_missing"] if self.id_digits and not number else []

    @property
    def id_length(self) -> int:
        return sum(digits for _label, digits in self.spec.id_parts)


class ExamGrant(Grant):
    row = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="grants")


class SheetLayout(models.Model):
    """Where the boxes of an exam are, for one state of what it asks. Never changed: sheets were printed by it.

    Changing an exam leaves the row behind, and changing it back finds it again.
    """

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="layouts")
    key = models.CharField(max_length=64)  # SheetSpec.key
    content = models.JSONField()  # as grading.sheet.layout_json writes it; mm
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("exam", "key", name="one_layout_per_key")]

    def __str__(self) -> str:
        return f"{self.exam} {self.content['fingerprint']}"


class Item(models.Model):
    """What is asked. `answer` is the key of all versions but those that `answers` gives one of their own."""

    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100, blank=True)  # what a template calls it
    kind = models.CharField(max_length=12, choices=ItemKind.choices)
    options = models.JSONField(default=list, blank=True)
    digits = models.PositiveSmallIntegerField(default=3)
    lines = models.PositiveSmallIntegerField(default=5)
    answer = models.JSONField(default=str, blank=True)  # "" = no key, a text, or a list of texts
    answers = models.JSONField(default=list, blank=True)  # by version, in the same form
    any_of = models.BooleanField(default=False)  # any one of the listed options is right
    tolerance = models.DecimalField(max_digits=12, decimal_places=6, default=Decimal(0))
    points = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(1))
    # The rule that scores it, where that is more than right or wrong: as `grading.scoring` says
    marking = models.JSONField(default=dict, blank=True)
    # Of a written answer: [{"mark": "a", "points": 2, "note": "the right formula"}]
    rubric = models.JSONField(default=list, blank=True)

    # What is asked at its place in versions with an order of their own (`grading.key.orders`); None elsewhere
    shuffled = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint("exam", "number", name="one_item_per_number")]

    def __str__(self) -> str:
        return self.name or str(self.number)

    @property
    def spec(self) -> ItemSpec:
        return ItemSpec(
            self.number, str(self.kind), tuple(self.labels), self.digits, float(self.points), self.lines
        )

    @property
    def labels(self) -> list[str]:
        """What can be chosen with one press."""
        if self.kind == ItemKind.JOINED:
            return []
        return ["O", "X"] if self.kind == ItemKind.OX else self.options

    def asked(self, version: int) -> dict[str, Any] | None:
        """What stands at its place in this version, where that has an order of its own."""
        asked: dict[str, Any] | None = self.shuffled[version - 1] if version <= len(self.shuffled) else None
        return asked

    def key(self, version: int) -> str | list[str]:
        if asked := self.asked(version):
            return asked["answer"]
        own = self.answers[version - 1] if version <= len(self.answers) else ""
        return own or self.answer

    def scored(self, version: int) -> dict[str, Any]:
        """What `grading.scoring` asks for."""
        asked = self.asked(version)
        points = Decimal(asked["points"]) if asked else self.points
        marking = asked["marking"] if asked else self.marking
        marking = {**marking, "rubric": self.rubric} if self.rubric else marking
        return {"kind": self.kind, "key": self.key(version), "points": points, "marking": marking}

    def compared(self, version: int) -> dict[str, Any]:
        """How an answer is compared with the key."""
        asked = self.asked(version)
        if asked:
            return {"any_of": asked["any_of"], "tolerance": Decimal(asked["tolerance"])}
        return {"any_of": self.any_of, "tolerance": self.tolerance}

    def takes_several(self, version: int) -> bool:
        """Whether marking several options is what the item asks for, or may be worth something."""
        is_set = isinstance(self.key(version), list) and not self.compared(version)["any_of"]
        return self.kind == ItemKind.CHOICE and (is_set or any("," in value for value in self.accepted))

    @property
    def accepted(self) -> dict[str, Any]:
        """Values with points of their own."""
        accepted: dict[str, Any] = self.marking.get("accepted", {})
        return accepted
