"""Forecast of open leads from the results of earlier ones."""
