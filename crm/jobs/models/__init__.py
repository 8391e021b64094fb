"""The models of jobs, pipelines, stages, targets, notes and their undo."""

from crm.jobs.clock.clocked import Level, Side
from crm.jobs.models import appointments, assignment, fields, losses  # noqa: F401 (their models)
from crm.jobs.models.bulk_run import BulkRun
from crm.jobs.models.contact import CONTACTS, ContactOutcome
from crm.jobs.models.flaw import Flaw
from crm.jobs.models.job import Job
from crm.jobs.models.job_record import JobState, Priority
from crm.jobs.models.note import Note
from crm.jobs.models.party import JobParty
from crm.jobs.models.tag import Tag
from crm.jobs.models.visit import StageVisit
from crm.jobs.pipelines.phase import Phase
from crm.jobs.pipelines.pipeline import Pipeline, PipelineType, WorkType
from crm.jobs.pipelines.source import Source
from crm.jobs.pipelines.stage import Stage
from crm.jobs.pipelines.target import StageTarget

__all__ = [
    "CONTACTS",
    "BulkRun",
    "ContactOutcome",
    "Flaw",
    "Job",
    "JobParty",
    "JobState",
    "Level",
    "Note",
    "Phase",
    "Pipeline",
    "PipelineType",
    "Priority",
    "Side",
    "Source",
    "Stage",
    "StageTarget",
    "StageVisit",
    "Tag",
    "WorkType",
]
