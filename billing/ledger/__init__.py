"""The books: trial balance, nightly check and export."""
