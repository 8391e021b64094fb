"""Settings: the configuration as a file and as a book, and the practice organization."""
