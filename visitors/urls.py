from django.urls import path

from visitors import views

app_name = "visitors"

urlpatterns = [
    path("demos/<slug:name>/", views.ask, name="ask"),
    path("demos/<slug:name>/<uuid:pk>/", views.answer, name="answer"),
    path("demos/<slug:name>/<uuid:pk>/picture", views.picture, name="picture"),
]
