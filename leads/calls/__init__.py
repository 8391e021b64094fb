"""Call tracking: which calls on a campaign's number count as leads, their list, and their figures."""
