"""Delivery of sold jobs: hand-offs from sales, projects with milestones, issues, weather and progress reports."""
