"""Packages without Django and apps; each has a README.md and a public interface in `__init__.py`."""
