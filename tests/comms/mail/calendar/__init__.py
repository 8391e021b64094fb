"""Tests of comms/mail/calendar."""
