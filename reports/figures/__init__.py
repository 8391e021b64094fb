"""Daily figures: which leads count for a measure, how, and the rows that store the counts."""
