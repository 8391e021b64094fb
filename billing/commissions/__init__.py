"""Commissions of partners: what they earn when jobs are paid, and their monthly statements."""
