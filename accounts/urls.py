from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.urls import include, path, reverse_lazy
from rest_framework.routers import SimpleRouter

from accounts import views
from accounts.api import TokenView, TokenViewSet

app_name = "accounts"

router = SimpleRouter()
router.register("tokens", TokenViewSet, basename="api-token")

urlpatterns = [
    path("account/", views.account, name="account"),
    path(
        "account/login/",
        LoginView.as_view(template_name="accounts/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path(
        "account/password/",
        PasswordChangeView.as_view(
            template_name="accounts/password.html", success_url=reverse_lazy("accounts:account")
        ),
        name="password",
    ),
    path("account/session/", views.session, name="session"),
    path("account/tokens/", views.create_token, name="create_token"),
    path("account/tokens/<int:pk>/revoke/", views.delete_token, name="delete_token"),
    path("api/token/", TokenView.as_view(), name="api_token"),
    path("api/", include(router.urls)),
]
