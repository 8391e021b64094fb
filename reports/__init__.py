"""What the work adds up to: dashboards, figures of every day, the list as it stood on a past day, mailed reports."""
