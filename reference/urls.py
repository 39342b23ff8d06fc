from django.urls import path

from reference import views

app_name = "reference"

urlpatterns = [
    path("reference/", views.index, name="index"),
    path("reference/<slug:name>/", views.group, name="group"),
]
