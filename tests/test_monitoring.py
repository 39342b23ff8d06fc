"""What lies in deploy/ for Prometheus and Grafana asks only for what /metrics has, by labels that it has."""

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from digits.models import Reading
from jobs.models import Job, Status, Worker
from registry.models import ModelVersion, Shadow

FOLDER = settings.BASE_DIR / "deploy"
OF_PROMETHEUS = {"up": {"job", "instance"}}  # which it makes itself
FUNCTIONS = {
    "sum",
    "min",
    "rate",
    "time",
    "topk",
    "vector",
    "histogram_quantile",
    "by",
    "and",
    "or",
    "ignoring",
}
SELECTOR = re.compile(r"([a-z_]+)\{([^}]*)\}")
GROUPS = re.compile(r"\b(?:by|ignoring)\s*\(([^)]*)\)")


def rules() -> list[dict[str, object]]:
    [group] = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return group["rules"]


def panels() -> list[dict[str, object]]:
    return json.loads((FOLDER / "grafana.json").read_text())["panels"]


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def names(expression: str) -> set[str]:
    """Of the metrics that it asks for."""
    bare = GROUPS.sub(" ", re.sub(r"\{[^}]*\}|\[[^\]]*\]|\"[^\"]*\"", " ", expression))
    return set(re.findall(r"\b[a-z_]+\b", bare)) - FUNCTIONS


@pytest.fixture
def labels(db, browse, alice) -> dict[str, set[str]]:
    """Name of each metric of a site where something happens → its labels."""
    cache.clear()
    now, version = timezone.now(), ModelVersion.objects.get(kind="digits", state="active")
    times = {"created_at": now, "started_at": now, "ended_at": now}
    done = Job.objects.create(owner=alice, task="digits.read", attempt=1, status=Status.DONE, **times)
    Job.objects.create(owner=alice, task="digits.read")
    Reading.objects.create(owner=alice, job=done, model=version, source="pixels")
    Worker.objects.create(host="here", pid=1, queues=["work"])
    other = ModelVersion.objects.create(kind="digits", name="other", sha256="0" * 64)
    Shadow.objects.create(kind="digits", version=other, live=version, percent=10)
    browse().get("/healthz")
    found: dict[str, set[str]] = {name: {*own} for name, own in OF_PROMETHEUS.items()}
    for family in text_string_to_metric_families(browse().get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_expression_asks_for_metrics_that_there_are(labels):
    asked = {name for expression in expressions() for name in names(expression)}
    assert asked and asked - {*labels} == set()


def test_every_expression_selects_and_groups_by_labels_that_its_metrics_have(labels):
    for expression in expressions():
        for name, selected in SELECTOR.findall(expression):
            assert {*re.findall(r"(\w+)\s*(?:=~|!=|=)", selected)} <= labels[name], expression
        for group in GROUPS.findall(expression):
            known = set().union(*(labels[name] for name in names(expression)))
            assert {one.strip() for one in group.split(",")} <= known, expression


def test_every_metric_of_the_site_is_on_the_dashboard_or_warned_of(labels):
    own = {name for name in labels if name.startswith("nunbit_")}
    assert own - {name for expression in expressions() for name in names(expression)} == set()


def test_every_alert_says_what_is_wrong_and_what_to_do():
    for rule in rules():
        assert rule["for"] and rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"] and rule["annotations"]["description"]


def test_panels_lie_beside_each_other_and_have_names_of_their_own():
    places = [panel["gridPos"] for panel in panels()]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len({*cells}) and max(x for x, _y in cells) < 24
    assert len({panel["title"] for panel in panels()}) == len(panels())


def test_prometheus_reads_the_rules_that_lie_beside_its_settings():
    read = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    assert [(FOLDER / name).exists() for name in read["rule_files"]] == [True]
    assert read["scrape_configs"][0]["job_name"] == "nunbit"  # as the alert on `up` has it


def test_the_guide_names_every_metric_of_the_site(labels):
    guide = (settings.BASE_DIR / "docs/operations.md").read_text()
    own = {name for name in labels if name.startswith("nunbit_")}
    assert own and {name for name in own if name not in guide} == set()
