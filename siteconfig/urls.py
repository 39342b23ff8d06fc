from django.urls import path

from siteconfig import views

app_name = "siteconfig"

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("site/logo/", views.logo, name="logo"),
]
