"""Who may do what, said once for pages and API."""

import functools
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

from accounts.models import User

TEACHERS_ONLY = _("Only teachers work with exams. Ask an administrator for the role.")
ADMINS_ONLY = _("Only administrators manage the networks.")
PEOPLE_ONLY = _("Only administrators manage people.")


class IsTeacher(BasePermission):
    message = TEACHERS_ONLY

    def has_permission(self, request, view) -> bool:
        return request.user.is_authenticated and request.user.is_teacher


class IsAdmin(BasePermission):
    message = ADMINS_ONLY

    def has_permission(self, request, view) -> bool:
        return request.user.is_authenticated and request.user.is_staff


def required(may: Callable[[User], bool], sentence: Promise) -> Callable:
    """Of a page: others sign in first, and those who may not get 403 with the sentence."""

    def decorate(view):
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not may(request.user):
                raise PermissionDenied(sentence)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


teacher_required = required(lambda user: user.is_teacher, TEACHERS_ONLY)
admin_required = required(lambda user: user.is_staff, ADMINS_ONLY)
people_required = required(lambda user: user.is_staff, PEOPLE_ONLY)
