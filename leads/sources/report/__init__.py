"""The report per source: from what was spent to what came of it, and why the rest was lost."""
