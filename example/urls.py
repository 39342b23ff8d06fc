from django.urls import path

from example import views
from example.api import ExampleView

app_name = "example"

urlpatterns = [
    path("example/", views.load, name="load"),
    path("example/remove/", views.remove, name="remove"),
    path("example/of/<uuid:pk>/", views.result, name="result"),
    path("api/example/", ExampleView.as_view(), name="api"),
]
