"""The web app's config."""

from crm.platform import features


class WebConfig(features.AppConfig):
    name = "crm.web"
    label = "web"
    verbose_name = "Web"
