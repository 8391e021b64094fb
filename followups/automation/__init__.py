"""What rules know of follow-ups: their record kind, triggers, and the action that plans one."""
