"""Models of the reports: what each day adds up to, and what of it is unusual."""

from reports.models.figure import DailyFigure, FigureDay
from reports.models.unusual_day import UnusualDay

__all__ = ["DailyFigure", "FigureDay", "UnusualDay"]
