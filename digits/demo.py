"""Digits, as visitors try them on the first page."""

from django.utils.translation import gettext_lazy as _

from digits import services
from digits.forms import PictureForm
from digits.models import Reading
from digits.presentation.readings import picture_answer
from visitors.demos import Demo
from web.files import SHARPEST

DEMO = Demo(
    name="digits",
    title=_("Draw a number"),
    says=_("A network reads it while you write."),
    icon="pencil-line",
    form_template="digits/_demo_form.html",
    answer_template="digits/_answer.html",
    form=PictureForm,
    ask=lambda owner, given: services.read(owner=owner, source=Reading.Source.CANVAS, picture=given["image"]),
    rows=Reading.objects.select_related("job", "model"),
    context=lambda reading: {"reading": reading},
    picture=lambda reading: picture_answer(reading, SHARPEST),
)
