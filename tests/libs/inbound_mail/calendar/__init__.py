"""Tests of libs/inbound_mail/calendar."""
