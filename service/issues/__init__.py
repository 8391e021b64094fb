"""Issues: a problem on a job, the offer to the customer, and its approval."""
