"""Issues: what went wrong on a job, what is offered for it, and who agreed to that."""
