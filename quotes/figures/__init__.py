"""Figures of quotes: answers by kind of work, option and price gap; what was said against what it came to."""
