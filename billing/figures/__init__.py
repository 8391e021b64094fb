"""Figures of billing: what is owed, by how late it is, and deposits that are not paid."""
