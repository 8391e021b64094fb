"""The job page: where the work is, what comes next, who comes and what the customer has to do."""
