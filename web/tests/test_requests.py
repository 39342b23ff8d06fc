"""What a request may bring and how a list is paged, asked of the API of accounts."""

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from web.pagination import Pages

pytestmark = pytest.mark.django_db

KOREAN = {"accept-language": "ko"}


def detail_of(answer) -> str:
    return answer.json()["errors"][0]["detail"]


def test_json_larger_than_a_megabyte_is_refused_before_it_is_read(call):
    body = b"[" * 1_000_001
    answer = call().generic("POST", "/api/token/", body, content_type="application/json")
    assert answer.status_code == 413 and "larger than 1 MB" in detail_of(answer)


def test_json_that_cannot_be_read_is_said_in_ones_own_language(call):
    answer = call().generic(
        "POST", "/api/token/", b'{"a": NaN', content_type="application/json", headers=KOREAN
    )
    assert answer.status_code == 400 and detail_of(answer).startswith("이 JSON을 읽을 수 없어요")


def test_a_form_of_too_many_fields_is_the_clients_error(call):
    answer = call().post("/api/token/", {f"f{number}": "1" for number in range(1_001)}, format="multipart")
    assert answer.status_code == 400 and "too many fields" in detail_of(answer)


def test_a_form_without_a_boundary_is_refused_in_ones_own_language(call):
    answer = call().generic("POST", "/api/token/", b"x", content_type="multipart/form-data", headers=KOREAN)
    assert answer.status_code == 400 and detail_of(answer).startswith("이 양식을 읽을 수 없어요")


@pytest.mark.parametrize(("asked", "held"), [("", 50), ("?page_size=2", 2), ("?page_size=1000000", 200)])
def test_a_page_of_the_api_holds_50_rows_and_on_demand_up_to_200(asked, held):
    request = Request(APIRequestFactory().get(f"/{asked}"))
    assert len(Pages().paginate_queryset(range(300), request)) == held
