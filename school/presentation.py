"""What pages are told of students."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from school.models import Enrollment
from web.qr import inline_qr


def student_line(enrollment: Enrollment) -> dict[str, Any]:
    """The row of a student in the list of a class; its account is None, waits to be used, or is in use."""
    account = enrollment.student.account
    code = getattr(account, "code", None)
    return {
        "enrollment": enrollment,
        "name": enrollment.student.name,
        "account": account,
        "has_code": code is not None and code.expires_at > timezone.now(),
    }


def card(request: HttpRequest, enrollment: Enrollment, code: str) -> dict[str, Any]:
    """What is printed for a student; the square code leads a phone to the same page as the letters."""
    link = request.build_absolute_uri(reverse("accounts:use_code", args=[code]))
    address = request.get_host() + reverse("school:join")
    return {"enrollment": enrollment, "code": code, "address": address, "qr": inline_qr(link)}
