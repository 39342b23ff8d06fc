"""What is in a picture, as visitors try it on the first page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from classifier.models import Picture
from classifier.presentation.pictures import caption_text, card_context, in_language, picture_answer
from classifier.samples import SAMPLES, sample_file
from classifier.services import pictures as services
from uploads.pictures import MOST_BYTES
from visitors.demos import Demo
from web.files import SHARPEST, validate_picture

MOST_NAMES = 3


class PictureDemoForm(forms.Form):
    """A picture, or one of the samples."""

    most_bytes = MOST_BYTES

    image = forms.FileField(required=False, allow_empty_file=True, validators=[validate_picture])
    sample = forms.ChoiceField(required=False, choices=list(SAMPLES.items()))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        if not given["image"] and not given["sample"]:
            raise ValidationError(_("Please choose a file."))
        return {"image": given["image"] or sample_file(given["sample"])}


def context(picture: Picture) -> dict[str, Any]:
    card = card_context(picture, is_owner=False)
    return card | {
        "labels": card["labels"][:MOST_NAMES],
        "caption_text": caption_text(in_language(picture.card)),
    }


DEMO = Demo(
    name="pictures",
    title=_("Ask what is in a photo"),
    says=_("Objects, faces and words are found on this site alone."),
    icon="image",
    form_template="classifier/_demo_form.html",
    answer_template="classifier/_demo_answer.html",
    form=PictureDemoForm,
    ask=lambda owner, given: services.submit_picture(owner=owner, **given),
    rows=Picture.objects.select_related("job", "model"),
    context=context,
    picture=lambda picture: picture_answer(picture, SHARPEST),
)
