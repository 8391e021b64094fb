"""What rules know of jobs, which stand below: their record kind, triggers, actions and signals."""
