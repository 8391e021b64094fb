"""Service: hand-offs, projects, issues."""
