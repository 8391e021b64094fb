"""The demo app: two organizations to look at, and big ones for benches. Nothing imports it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "Demo"
