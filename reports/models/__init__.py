"""Models of the reports: what each day adds up to, and what of it is unusual; reports by mail; how work goes."""

from reports.models.figure import DailyFigure, FigureDay, Grain
from reports.models.report_mail import MAIL, ReportMail, ReportRecipient
from reports.models.unusual_day import UnusualDay
from reports.models.work import ActDay, CountedAct, StayLeads, StepStay, WorkPolicy

__all__ = [
    "MAIL",
    "ActDay",
    "CountedAct",
    "DailyFigure",
    "FigureDay",
    "Grain",
    "ReportMail",
    "ReportRecipient",
    "StayLeads",
    "StepStay",
    "UnusualDay",
    "WorkPolicy",
]
