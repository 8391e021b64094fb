"""Survey by link: a customer rates a job once, without an account."""
