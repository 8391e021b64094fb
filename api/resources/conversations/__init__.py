"""Conversations with customers: tickets, their messages, and notes for the team."""
