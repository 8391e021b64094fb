"""What rules know of conversations: their record kind, triggers, actions and signals."""
