"""The automation app: rules, their versions, runs and timers."""

from crm.platform import features


class AutomationConfig(features.AppConfig):
    name = "crm.automation"
    label = "automation"
    verbose_name = "Automation"
