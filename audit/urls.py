from django.urls import path

from audit import views

app_name = "audit"

urlpatterns = [
    path("settings/log/", views.log, name="log"),
    path("account/log/", views.own_log, name="own_log"),
]
