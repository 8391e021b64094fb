"""Documents and photos of a job, a customer or a place: versions, requests, visibility."""
