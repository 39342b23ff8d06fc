"""A face from words, as visitors try it on the first page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generator import services
from generator.models import Order
from generator.networks import offered_networks
from generator.presentation import face_answer
from generator.serializers import MOST_LETTERS
from visitors.demos import Demo


class FaceDemoForm(forms.Form):
    prompt = forms.CharField(required=False, max_length=MOST_LETTERS)


def is_offered() -> bool:
    return settings.FACES and offered_networks().exists()


def ask(owner: User, given: Mapping[str, Any]) -> Order:
    """One face, of another seed each time."""
    return services.draw(owner=owner, model=offered_networks()[0], settings={"prompt": given["prompt"]})


DEMO = Demo(
    name="faces",
    title=_("Draw a face"),
    says=_("Of somebody who does not exist, after your words."),
    icon="smile",
    form_template="generator/_demo_form.html",
    answer_template="generator/_demo_answer.html",
    form=FaceDemoForm,
    ask=ask,
    rows=Order.objects.select_related("job", "model"),
    context=lambda order: {"order": order},
    picture=lambda order: face_answer(order, 0),
    is_offered=is_offered,
)
