"""What the work of a day adds up to: which leads are counted, how, and the rows that keep it."""
