from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from web.durations import ago


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [
        (-30, "just now", "방금"),  # by another machine's clock
        (59, "just now", "방금"),
        (61, "1\xa0minute ago", "1분 전"),
        (7300, "2\xa0hours, 1\xa0minute ago", "2시간, 1분 전"),
    ],
)
def test_how_long_ago_it_was_is_said_as_people_say_it(seconds, english, korean):
    moment = timezone.now() - timedelta(seconds=seconds)
    with override("en"):
        assert ago(moment) == english
    with override("ko"):
        assert ago(moment).replace("\xa0", "") == korean
