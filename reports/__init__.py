"""Reports: dashboards, daily figures, the pipeline as of a past day, and mailed reports."""
