"""Automation rules: when an event happens and the conditions hold, run the steps once and log why."""
