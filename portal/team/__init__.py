"""The team of a job, as shown to its customer."""
