"""The jobs app: jobs, pipelines, stages, clocks."""

from crm.platform import features


class JobsConfig(features.AppConfig):
    name = "crm.jobs"
    label = "jobs"
    verbose_name = "Jobs"
