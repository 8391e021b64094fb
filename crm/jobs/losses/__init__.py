"""Reasons why jobs are lost or dropped: the form that asks, their set-up, and what a tenant starts with."""
