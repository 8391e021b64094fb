"""Participants of a ticket: roles, visibility, copies of answers, and the requester."""
