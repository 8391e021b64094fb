"""What is kept of the days past, so that a report of a year need not read a year of leads."""
