"""Rules about documents: their record kind, conditions and triggers."""
