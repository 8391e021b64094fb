"""Models of the reports: what each day adds up to, and what of it is unusual; reports by mail."""

from reports.models.figure import DailyFigure, FigureDay
from reports.models.report_mail import MAIL, ReportMail, ReportRecipient
from reports.models.unusual_day import UnusualDay

__all__ = ["MAIL", "DailyFigure", "FigureDay", "ReportMail", "ReportRecipient", "UnusualDay"]
