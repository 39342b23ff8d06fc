"""The first page offers an example to who has nothing yet, and says how to be rid of it once it is there."""

from collections.abc import Iterator

from accounts.models import Role, User
from example.models import Example
from web.home import Panel


def panels(user: User) -> Iterator[Panel]:
    if user.role != Role.STUDENT:
        example = Example.objects.for_user(user).select_related("job").first()
        yield Panel("example/_panel.html", example)
