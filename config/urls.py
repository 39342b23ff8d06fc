"""Every address of the site: each app brings its pages and its part of the API in its own urls.py."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.permissions import admin_required
from web.guides import guide
from web.home import home
from web.search import search
from web.tls.views import certificate, trust

urlpatterns = [
    path("", include("digits.urls")),  # asked for most, and whoever is further down is found later
    path("", home, name="home"),
    path("design/", login_required(TemplateView.as_view(template_name="design.html")), name="design"),
    path("", include("siteconfig.urls")),
    path("", include("administration.urls")),
    path("search/", search, name="search"),
    path("guide/<slug:name>/", guide, name="guide"),
    path("trust/", trust, name="trust"),
    path("trust/nunbit-ca.crt", certificate, name="certificate"),
    path("", include("accounts.urls")),
    path("", include("audit.urls")),
    path("", include("jobs.urls")),
    path("", include("trash.urls")),
    path("", include("example.urls")),
    path("", include("dataexport.urls")),
    path("", include("reference.urls")),
    path("", include("visitors.urls")),
    path("", include("school.urls")),
    path("", include("registry.urls")),
    path("", include("classifier.urls")),
    path("", include("generator.urls")),
    path("", include("grading.urls")),
    # Its own page to sign in knows no second factor
    path("admin/login/", admin_required(RedirectView.as_view(pattern_name="admin:index"))),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    # It would be asked for a template of its options
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", http_method_names=["get", "head"]),
        name="docs",
    ),
]

handler400 = "web.errors.bad_request"
handler403 = "web.errors.permission_denied"
handler404 = "web.errors.page_not_found"
handler500 = "web.errors.server_error"
