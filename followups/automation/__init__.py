"""Follow-ups in rules: their record kind, triggers, and the action that plans one."""
