"""What is unusual: numbers of a day that its weekday does not usually bring."""
