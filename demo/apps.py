"""The demo app: two example organizations, and large ones for benchmarks. No other app imports it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    verbose_name = "Demo"
