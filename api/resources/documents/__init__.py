"""Documents: files and photos of jobs and customers."""
