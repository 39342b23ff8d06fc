from django.urls import path

from administration import views
from administration.api import SiteSettingsView

app_name = "administration"

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/site/", views.site, name="site"),
    path("settings/mail/", views.mail, name="mail"),
    path("settings/storage/", views.storage, name="storage"),
    path("settings/retention/", views.retention, name="retention"),
    path("settings/health/", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
    path("privacy/", views.privacy, name="privacy"),
    path("api/settings/", SiteSettingsView.as_view(), name="api-settings"),
]
