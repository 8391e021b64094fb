"""Figures on work: data quality, manual work saved, where leads wait, and capacity."""
