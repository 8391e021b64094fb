"""Progress reports: built from milestones and photos, approved by a member, sent as PDF."""
