from django_filters import rest_framework as filters

from jobs.models import JobQuerySet, Status


class JobFilter(filters.FilterSet):
    """`?status=` and `?app=` for the history, page and API."""

    status = filters.ChoiceFilter(choices=Status.choices)
    app = filters.CharFilter(method="of_app")

    def of_app(self, jobs: JobQuerySet, _name: str, app: str) -> JobQuerySet:
        return jobs.of_app(app)
