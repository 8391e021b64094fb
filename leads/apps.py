"""The leads app: the sales facts of jobs, their list and page, imports and intake."""

from crm.platform import features


class LeadsConfig(features.AppConfig):
    name = "leads"
    verbose_name = "Leads"
