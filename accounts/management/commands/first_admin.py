"""Make the user `admin` where no administrator exists yet."""

import os
import secrets

from django.core.management.base import BaseCommand

from accounts.models import Role, User


class Command(BaseCommand):
    help = "Make the user admin if there is no administrator: password from NUNBIT_ADMIN_PASSWORD, else generated."

    def handle(self, *args, **options) -> None:
        if User.objects.filter(role=Role.ADMIN).exists():
            return
        given = os.environ.get("NUNBIT_ADMIN_PASSWORD")
        password = given or secrets.token_urlsafe(9)
        User.objects.create_superuser("admin", password=password)
        shown = "from NUNBIT_ADMIN_PASSWORD" if given else f"{password}   (shown this once)"
        self.stdout.write(f"\n  First administrator: admin\n  Password: {shown}\n")
