"""Calls on tickets: logged on the ticket or its lead, undone, and missed calls to return."""
