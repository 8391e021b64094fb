"""The packs of sequences that come with the product, their templates, and the triggers that start them."""
