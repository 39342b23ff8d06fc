"""How the API answers: settings of Django REST framework and of the schema that it is described by."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["web.quotas.RequestThrottle"],
    "DEFAULT_PARSER_CLASSES": [f"web.parsers.{kind}Parser" for kind in ("SmallJSON", "MultiPart", "Form")],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "web.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_SCHEMA_CLASS": "web.schema.Schema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_HANDLER_CLASS": "web.errors.RequestErrors"}
SPECTACULAR_SETTINGS = {
    "SCHEMA_PATH_PREFIX": "/api",  # else worked out from all addresses, also those that are left out
    "TITLE": "Nunbit",
    "DESCRIPTION": "A self-hosted vision workbench. Everything the pages do, a program can do here.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,  # files are sent as bytes and answered as addresses
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "reference.schema.add_summaries",
    ],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # names of its parts are no matter of safety
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
