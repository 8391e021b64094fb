"""The service app: hand-offs, projects, milestones and issues of sold jobs."""

from crm.platform import features


class ServiceConfig(features.AppConfig):
    name = "service"
    verbose_name = "Service"
