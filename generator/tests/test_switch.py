"""FACES=off: no page, no API, no link, and what waits ends with a sentence. And what licence stands where it is on."""

import pytest
from django.urls import get_resolver, reverse

from generator.middleware import FACES_ARE_OFF
from generator.tests.calls import draw, fresh, sentences, wish
from generator.tests.orders import a_film
from generator.urls import urlpatterns
from jobs.models import Status
from registry.models import ModelVersion

pytestmark = pytest.mark.django_db

NAMES = [one.name for one in urlpatterns if getattr(one, "name", None)]


@pytest.fixture
def off(settings):
    settings.FACES = False


def addresses(order) -> list[str]:
    """Of every page that there is."""
    kinds = {"pk": order.pk, "share_key": order.share_key or order.pk, "place": 0}
    patterns = get_resolver("generator.urls").reverse_dict
    return [
        reverse(f"generator:{name}", kwargs={key: kinds[key] for key in patterns.getlist(name)[0][0][0][1]})
        for name in NAMES
    ]


def test_every_page_says_in_a_sentence_that_faces_are_off(page, alice, off):
    answers = [page.get(address) for address in addresses(a_film(alice))]
    assert len(answers) > 10 and {answer.status_code for answer in answers} == {404}
    assert all(FACES_ARE_OFF in answer.text for answer in answers)


def test_the_sentence_is_korean_where_the_page_is(page, off):
    assert "얼굴 그리기를 꺼 두었어요" in page.get("/faces/", headers={"Accept-Language": "ko"}).text


@pytest.mark.parametrize(
    "path", ["", "settings/", "{pk}/", "{pk}/share/", "{pk}/grid.png", "{pk}/images/0.png"]
)
def test_every_path_of_the_api_says_so_too(api, alice, off, path):
    order = a_film(alice)
    for method in (api.get, api.post):
        answer = method(f"/api/faces/{path.format(pk=order.pk)}")
        assert (answer.status_code, sentences(answer)) == (404, [FACES_ARE_OFF])


def test_it_is_said_in_the_form_of_every_other_404(api, alice, settings):
    unknown = api.get("/api/faces/00000000-0000-0000-0000-000000000000/").json()
    settings.FACES = False
    switched_off = api.get("/api/faces/").json()
    assert switched_off["type"] == unknown["type"]
    assert switched_off["errors"][0].keys() == unknown["errors"][0].keys()
    assert switched_off["errors"][0]["code"] == unknown["errors"][0]["code"]


@pytest.mark.parametrize("path", ["/", "/digits/", "/account/"])
def test_nothing_links_to_faces(page, settings, path):
    assert 'href="/faces/' in page.get(path).text
    settings.FACES = False
    assert 'href="/faces/' not in page.get(path).text


def test_what_waits_ends_with_a_sentence(alice, settings):
    order = wish(alice, count=3)
    settings.FACES = False
    draw()
    job = fresh(order).job
    assert (job.status, job.error) == (Status.FAILED, FACES_ARE_OFF) and not order.faces.exists()


def test_other_parts_go_on(page, api, off):
    assert page.get("/digits/").status_code == 200 and api.get("/api/digits/").status_code == 200


def test_the_licence_stands_where_faces_are_made(page):
    version = ModelVersion.objects.get(name="stylegan", state="active")
    ModelVersion.objects.filter(pk=version.pk).update(card=version.card | {"data": [CELEBA]}, sha256="c" * 64)
    english = page.get("/faces/").text
    assert "These faces are for non-commercial research only." in english
    assert "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html" in english
    assert "비상업적 연구에만" in page.get("/faces/", headers={"Accept-Language": "ko"}).text


CELEBA = {"name": "CelebA, some of its faces", "licence": "non-commercial research", "use": "training"}


def test_a_program_finds_the_licence_in_the_list_of_networks(api):
    found = api.get("/api/models/?kind=faces&name=stylegan").json()["results"]
    assert found[0]["licences"][0]["is_non_commercial"]
    digits = api.get("/api/models/?kind=digits&name=digits").json()["results"]
    assert not any(one["is_non_commercial"] for one in digits[0]["licences"])
