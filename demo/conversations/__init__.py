"""Two months of conversations of the demo: what was said, as data, and the rows it becomes."""
