"""The leads app: the sales facts of jobs, their list and page, and how they come in."""

from crm.platform import features


class LeadsConfig(features.AppConfig):
    name = "leads"
    verbose_name = "Leads"
