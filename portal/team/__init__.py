"""Who works on a job, as its customer sees them."""
