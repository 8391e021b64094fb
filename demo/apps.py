"""The demo app: two example organizations, a tour of them, and large ones for benchmarks. No other app imports it."""

from crm.platform import features


class DemoConfig(features.AppConfig):
    name = "demo"
    verbose_name = "Demo"
