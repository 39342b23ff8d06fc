"""What goes wrong is answered in one shape to programs and with a page to people, whatever raised it."""

import json
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections
from django.test import Client, RequestFactory

from web.heads import Site

pytestmark = pytest.mark.django_db

LANGUAGES = [("en", "There is nothing at this address"), ("ko", "API에 이런 주소는 없어요")]


@pytest.fixture
def client(alice) -> Client:
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.force_login(alice)
    return client


@pytest.fixture
def database_away(monkeypatch) -> Iterator[None]:
    def refuse(*_args: object, **_more: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patches:
        patches.setattr(type(connections["default"]), "cursor", refuse)
        yield


def error_of(answer) -> dict[str, str]:
    [error] = answer.json()["errors"]
    return error | {"type": answer.json()["type"]}


@pytest.mark.parametrize(("language", "begin"), LANGUAGES)
@pytest.mark.parametrize("path", ["nothing/", "jobs/not-a-uuid/status/", "digits/%00/"])
def test_an_address_of_the_api_that_is_none_is_a_404_in_json(client, path, language, begin):
    answer = client.get(f"/api/{path}", headers={"accept-language": language})
    assert answer.status_code == 404
    assert error_of(answer)["code"] == "not_found" and error_of(answer)["detail"].startswith(begin)


def test_a_method_that_the_api_does_not_have_is_a_405_in_json(client):
    answer = client.put("/api/token/", b"{}", content_type="application/json")
    assert (answer.status_code, error_of(answer)["code"]) == (405, "method_not_allowed")


def test_what_is_broken_in_the_api_is_a_500_in_json_without_its_cause(client, monkeypatch):
    monkeypatch.setattr("jobs.api.Job.objects", None)
    answer = client.get("/api/jobs/")
    assert (answer.status_code, error_of(answer)["type"]) == (500, "server_error")
    assert "NoneType" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_a_400_page_and_in_the_api_json(client):
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
    answer = client.get("/api/jobs/", headers={"host": "elsewhere.example"})
    assert (answer.status_code, error_of(answer)["code"]) == (400, "parse_error")


@pytest.mark.parametrize(("language", "says"), [("en", "cannot reach its database"), ("ko", "데이터베이스")])
def test_without_its_database_the_site_answers_503_and_when_to_come_back(
    client, database_away, language, says
):
    page = client.get("/history/", headers={"accept-language": language})
    program = client.get("/api/jobs/", headers={"accept-language": language})
    nowhere = client.get("/no/such/page/", headers={"accept-language": language})
    assert [answer.status_code for answer in (page, program, nowhere)] == [503, 503, 503]
    assert {answer["Retry-After"] for answer in (page, program, nowhere)} == {"5"}
    assert says in page.content.decode() and says in error_of(program)["detail"]
    assert client.get("/healthz").status_code == 200


def test_an_address_of_the_api_that_names_no_row_is_a_404_in_json(client):
    answer = client.get("/api/exams/x/")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")


def test_a_form_of_a_page_that_holds_nul_is_a_400_with_a_sentence(client):
    answer = client.post("/account/tokens/", {"name": "a\0b"})
    assert answer.status_code == 400 and "Leave it out" in answer.content.decode()


def test_the_reference_of_the_api_has_no_options(client):
    assert client.options("/api/docs/").status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        rb'{"username": "\ud800", "password": "x"}',
        rb'{"username": "x", "password": ["deep", {"\u0000": 1}]}',
        b'{"username": "x", "password": 1e400}',
        b'{"username": "x", "password": ' + b"9" * 5000 + b"}",
        b'{"username": "x", "password": ' + b"9" * 30 + b"}",
        b"[" * 100_000,
        json.dumps({"username": "x"}).encode("utf-16"),
        b"\xff",
    ],
)
def test_json_that_nothing_can_keep_is_a_400(client, body):
    answer = client.post("/api/token/", body, content_type="application/json")
    assert (answer.status_code, error_of(answer)["code"]) == (400, "parse_error")


def test_text_that_only_looks_like_an_escape_is_text(client):
    answer = client.post("/api/token/", rb'{"username": "C:\\u0000", "password": "x"}', "application/json")
    assert error_of(answer)["code"] == "wrong_credentials"


@pytest.mark.parametrize("form", [{"username": "a\0"}, {"a\0": "x"}])
@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_a_form_for_the_api_that_holds_nul_is_a_400(call, form, kind):
    body = {"data": form, "format": "multipart"} if kind == "multipart" else {"data": "name=%00&username=a"}
    more = {} if kind == "multipart" else {"content_type": "application/x-www-form-urlencoded"}
    answer = call().post("/api/token/", **body, **more)
    assert (answer.status_code, error_of(answer)["code"]) == (400, "parse_error")


def test_a_form_of_a_page_from_before_the_last_sign_in_is_a_page_that_says_so(client, alice):
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    browser.force_login(alice)
    answer = browser.post("/account/logout/")
    assert answer.status_code == 403 and "This page was opened before you last signed in" in answer.text


def test_whoever_opens_the_address_of_a_form_is_told_to_go_back(client):
    answer = client.get("/account/logout/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")
    assert "This address takes what a form sends" in answer.text


def test_a_form_with_too_much_text_is_a_page_with_413(client):
    answer = client.post("/account/password/", {"old_password": "x" * 11 * 2**20})
    assert answer.status_code == 413 and "larger than 10 MB without its files" in answer.text


@pytest.mark.parametrize("query", ["text=%00", "page=%00", "created_after=%00"])
def test_nul_in_a_query_is_a_400(client, query):
    assert client.get(f"/api/digits/?{query}").status_code == 400
    assert client.get(f"/digits/history/?{query}").status_code == 400


def test_nul_in_a_cookie_is_a_400(client):
    client.cookies.load({"sessionid": "x"})
    assert client.get("/history/", headers={"cookie": r'sessionid="\000abcdefgh"'}).status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "0262-03-04", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_refused_to_programs_and_filter_nothing_on_pages(
    client, browse, root, day
):
    for name in ("created_after", "created_before"):
        assert client.get(f"/api/digits/?{name}={day}").status_code == 400
    for page in ("digits", "pictures"):
        assert client.get(f"/{page}/history/?first={day}&last={day}").status_code == 200
    assert browse(root).get(f"/models/log/?at={day}T00:00").status_code == 200


@pytest.mark.parametrize("seconds", ["9" * 5000, "-1", "x", "1e9", "٣"])
def test_no_wish_to_wait_breaks_an_answer(client, seconds, monkeypatch):
    monkeypatch.setattr("jobs.long_poll.LongPoll.wait", lambda _self, row, _seconds: row)
    pixels = json.dumps({"pixels": [0] * 784})
    answer = client.post("/api/digits/", pixels, "application/json", headers={"prefer": f"wait={seconds}"})
    assert answer.status_code == 202


LARGE = 2**63


@pytest.mark.parametrize(
    "address",
    [
        "models/{}/shadow/",
        "exams/{}/papers/{}/",
        "exams/{}/pages/{}/keep/",
        "models/{}/",
        "exams/{}/scans/1/",
    ],
)
@pytest.mark.parametrize("number", [LARGE, 10**30, "9" * 5000])
def test_a_number_that_no_row_has_is_a_404(browse, call, root, address, number):
    path = address.format(number, number)
    assert {browse(root).get(f"/{path}").status_code, browse(root).post(f"/{path}").status_code} <= {404, 405}
    assert call(root).get(f"/api/{path}").status_code == 404


TYPES = [
    "text/plain; charset=rot13",
    "text/plain; charset=idna",
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data; boundary*=zzz''%ff",
    "multipart/form-data; boundary*=a; boundary*0=b",
    f"multipart/form-data; boundary*{'9' * 5000}=b",
    "text/plain; charset=utf-8",  # whose query has too many fields
]


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/jobs/", "/no/such/page/"])
def test_a_content_type_that_cannot_be_read_is_a_400_with_a_sentence(path, content_type):
    query = "&" * 1_001 if content_type.endswith("utf-8") else "q=%FF"
    environ = RequestFactory().get(f"{path}?{query}").environ
    environ |= {"CONTENT_TYPE": content_type, "HTTP_ACCEPT_LANGUAGE": "en"}
    status: list[str] = []
    body = b"".join(Site()(environ, lambda line, _headers: status.append(line)))
    assert status == ["400 Bad Request"] and b"Content-Type in UTF-8" in body


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "iso-8859-1", "euc-kr", "cp949", "no-such-charset"])
def test_charsets_that_keep_ascii_and_unknown_ones_are_let_in(client, charset):
    assert (
        client.get("/?q=%FF", headers={"content-type": f"text/plain; charset={charset}"}).status_code == 200
    )


@pytest.mark.parametrize("accept", ["application/json; a*=zzz''%ff", "a/b; c*=d; c*0=e"])
def test_an_accept_header_that_cannot_be_read_is_a_400_in_json(client, accept):
    assert error_of(client.get("/api/jobs/", headers={"accept": accept}))["code"] == "parse_error"


@pytest.mark.parametrize("accept", ["", "nonsense", "*/*;q=0"])
def test_a_client_that_accepts_nothing_we_know_is_served_as_ever(client, accept):
    assert client.get("/api/jobs/", headers={"accept": accept}).status_code in (200, 406)


@pytest.mark.parametrize("parameters", ["name*=zzz''%ff", "name*=a; name*0=b"])
@pytest.mark.parametrize("path", ["/account/tokens/", "/api/token/"])
def test_a_part_of_a_form_whose_header_cannot_be_read_is_no_fault_of_ours(client, path, parameters):
    body = f"--b\r\nContent-Disposition: form-data; {parameters}\r\n\r\nx\r\n--b--\r\n"
    answer = client.generic("POST", path, body, "multipart/form-data; boundary=b")
    assert answer.status_code in (200, 400, 403)


@pytest.mark.django_db
def test_who_is_signed_in_is_told_that_an_address_leads_nowhere(browse, alice):
    assert browse(alice).get("/no/such/page/").status_code == 404
