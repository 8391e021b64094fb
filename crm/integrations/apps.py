"""The integrations app: connections to other systems. It knows no job and no follow-up; apps above plug in."""

from crm.platform import features


class IntegrationsConfig(features.AppConfig):
    name = "crm.integrations"
    label = "integrations"
    verbose_name = "Integrations"
