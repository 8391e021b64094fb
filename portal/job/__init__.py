"""What customers read of a job: where the work is, what comes next, who comes and what they have to do."""
