"""Compare an incoming mail with stored ones: copies and spam."""
