"""Packages that know neither Django nor an app: each has a README.md and a face that the apps import from."""
