"""Rules about jobs: their record kind, triggers, actions and signals."""
