from django_filters import rest_framework as filters


class DatesFilter(filters.FilterSet):
    """`?created_after=` and `?created_before=` for the histories of the API."""

    created_after = filters.DateTimeFilter("created_at", "gte")
    created_before = filters.DateTimeFilter("created_at", "lt")
