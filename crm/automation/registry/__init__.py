"""What apps add to rules: kinds of records, triggers, actions, and what stops a wait."""
