"""Remind customers of agreed calls and meetings: a template of the type, sent through the outbox and the gate."""
