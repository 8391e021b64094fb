"""The API app: the REST API under /api/v1/, its tokens, its schema and its reference."""

from crm.platform import features


class ApiConfig(features.AppConfig):
    name = "api"
    verbose_name = "API"
