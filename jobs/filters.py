from django_filters import rest_framework as filters

from jobs.models import JobQuerySet, Status
from web.api import DatesFilter


class JobFilter(DatesFilter):
    """`?status=`, `?app=` and `?text=` for the history of the API."""

    status = filters.ChoiceFilter(choices=Status.choices)
    app = filters.CharFilter(method="of_app")
    text = filters.CharFilter(method="about")

    def of_app(self, jobs: JobQuerySet, _name: str, app: str) -> JobQuerySet:
        return jobs.of_app(app)

    def about(self, jobs: JobQuerySet, _name: str, text: str) -> JobQuerySet:
        return jobs.about(text)
