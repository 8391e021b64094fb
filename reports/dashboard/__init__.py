"""The dashboard: what a manager must act on, the age of the work, its distribution, and the forecast."""
