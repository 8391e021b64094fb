"""The reports app: dashboards, daily figures, past days, and reports by mail."""

from crm.platform import features


class ReportsConfig(features.AppConfig):
    name = "reports"
    verbose_name = "Reports"
