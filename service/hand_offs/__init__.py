"""The hand-off from sales to service: deadlines, checklist, follow-ups and pages."""
