"""Progress reports: put together from milestones and photos, approved by a person, sent as PDF."""
