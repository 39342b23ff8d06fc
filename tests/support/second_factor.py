"""What an app for codes does, by RFC 6238, and the second factor of a person with such an app."""

import base64
import hmac
import time

from accounts import second_factor
from accounts.models import SecondFactor, User

STEP = 30  # seconds


def code_of(secret: str, later: int = 0) -> str:
    """What the app shows now, or `later` steps from now."""
    key = base64.b32decode(secret.replace(" ", ""))
    message = (int(time.time()) // STEP + later).to_bytes(8, "big")
    digest = hmac.digest(key, message, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def with_second_factor(person: User) -> tuple[str, list[str]]:
    """The secret that the app has, whose codes are all unused, and the recovery codes."""
    secret = second_factor.new_secret()
    codes = second_factor.set_up(person=person, secret=secret, code=code_of(secret))
    SecondFactor.objects.filter(user=person).update(last_step=0)
    return secret, codes
