"""Make the user `admin` where no administrator exists yet."""

import os
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from accounts.models import Role, User


def require_good(password: str) -> None:
    """Raises CommandError with what is wrong, as the page for a new password says it."""
    with override("en"):
        try:
            validate_password(password, User(username="admin"))
        except ValidationError as problem:
            raise CommandError(f"NUNBIT_ADMIN_PASSWORD is refused. {' '.join(problem.messages)}") from problem


class Command(BaseCommand):
    help = "Make the user admin if there is no administrator: password from NUNBIT_ADMIN_PASSWORD, else generated."

    def handle(self, *args, **options) -> None:
        if User.objects.filter(role=Role.ADMIN).exists():
            return
        given = os.environ.get("NUNBIT_ADMIN_PASSWORD")
        if given:
            require_good(given)
        password = given or secrets.token_urlsafe(9)
        User.objects.create_superuser("admin", password=password)
        shown = "from NUNBIT_ADMIN_PASSWORD" if given else f"{password}   (shown this once)"
        self.stdout.write(f"\n  First administrator: admin\n  Password: {shown}\n")
