"""Calls on tickets: logged there or on the lead, taken back, and those that were missed and wait to be called back."""
