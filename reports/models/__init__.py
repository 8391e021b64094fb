"""Models of the reports: daily figures, unusual days, mailed reports, figures on work, and months of the forecast."""

from reports.models.figure import DailyFigure, FigureDay, Grain
from reports.models.month import LeadMonth, WorkMonth
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
    "LeadMonth",
    "ReportMail",
    "ReportRecipient",
    "StayLeads",
    "StepStay",
    "UnusualDay",
    "WorkMonth",
    "WorkPolicy",
]
