"""What the tests of acting on leads ask for."""

from tests.leads.acting import post

__all__ = ["post"]
