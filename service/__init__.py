"""What is sold, delivered: the hand-off from sales, projects with milestones, issues, weather, reports."""
