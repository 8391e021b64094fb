"""What rules know of documents, which stand below: their record kind, conditions and triggers."""
