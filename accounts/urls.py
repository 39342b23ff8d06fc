from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.urls import include, path, reverse_lazy
from rest_framework.routers import SimpleRouter

from accounts.api import TokenView, TokenViewSet
from accounts.views import account as views
from accounts.views import joining, oidc, people, second_factor, sharing, signing_in

app_name = "accounts"

router = SimpleRouter()
router.register("tokens", TokenViewSet, basename="api-token")

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/login/", signing_in.SignInView.as_view(), name="login"),
    path("account/code/", signing_in.code, name="code"),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path(
        "account/password/",
        PasswordChangeView.as_view(
            template_name="accounts/password.html", success_url=reverse_lazy("accounts:account")
        ),
        name="password",
    ),
    path("account/second-factor/", second_factor.second_factor, name="second_factor"),
    path("account/second-factor/remove/", second_factor.remove, name="remove_second_factor"),
    path("account/oidc/", oidc.begin, name="oidc"),
    path("account/oidc/callback/", oidc.callback, name="oidc_callback"),
    path("account/forgotten/", joining.forgotten, name="forgotten"),
    path("join/<str:code>/", joining.use_code, name="use_code"),
    path("register/", joining.register, name="register"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/code/", people.new_code, name="new_code"),
    path("settings/people/<int:pk>/activity/", people.set_active, name="set_active"),
    path("settings/people/<int:pk>/consent/", people.consent, name="consent"),
    path("settings/people/<int:pk>/second-factor/", people.remove_second_factor, name="reset_second_factor"),
    path("sharing/<str:label>/<str:pk>/", sharing.sharing, name="sharing"),
    path("sharing/<str:label>/<str:pk>/<int:user>/stop/", sharing.unshare, name="unshare"),
    path("account/session/", views.session, name="session"),
    path("account/tokens/", views.create_token, name="create_token"),
    path("account/tokens/<int:pk>/revoke/", views.delete_token, name="delete_token"),
    path("api/token/", TokenView.as_view(), name="api_token"),
    path("api/", include(router.urls)),
]
