"""The hand-off from sales to service: how long it may wait, its checklist, what follows, its pages."""
