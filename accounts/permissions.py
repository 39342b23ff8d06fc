"""Who may do what, said once for pages and API."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

TEACHERS_ONLY = _("Only teachers work with exams. Ask an administrator for the role.")


class IsTeacher(BasePermission):
    message = TEACHERS_ONLY

    def has_permission(self, request, view) -> bool:
        return request.user.is_authenticated and request.user.is_teacher


def teacher_required(view):
    """A page for teachers: others sign in first, and members get 403 with a sentence."""

    @login_required
    def guarded(request: HttpRequest, *args, **kwargs):
        if not request.user.is_teacher:
            raise PermissionDenied(TEACHERS_ONLY)
        return view(request, *args, **kwargs)

    return guarded
