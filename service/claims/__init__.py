"""Insurance claims on jobs, and reading the mails of carriers by example."""
