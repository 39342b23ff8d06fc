from django.urls import include, path
from rest_framework.routers import SimpleRouter

from jobs import api, health, views

app_name = "jobs"

router = SimpleRouter()
router.register("jobs", api.JobViewSet, basename="api")

urlpatterns = [
    path("history/", views.history, name="history"),
    path("history/panel/", views.panel, name="panel"),
    path("history/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("history/<uuid:pk>/retry/", views.retry, name="retry"),
    path("history/<uuid:pk>/repeat/", views.repeat, name="repeat"),
    path("history/forget/", views.forget, name="forget"),
    path("history/recall/<uuid:deletion>/", views.recall, name="recall"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include(router.urls)),
]
