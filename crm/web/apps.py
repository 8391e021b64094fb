"""The web app: how every page is made. Lists of any app, and who reads them."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "crm.web"
    label = "web"
    verbose_name = "Web"
