"""Reports by mail: to whom, how often, and what stands in them."""
