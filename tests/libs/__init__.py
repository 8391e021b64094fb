"""Tests of the packages in `libs`, which need neither Django nor a database."""
