"""Daily figures: the leads each measure counts, how, and the rows that store the counts."""
