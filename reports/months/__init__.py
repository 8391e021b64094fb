"""Forecast of sales, new leads and work by month, and how earlier forecasts compare with what happened."""
