"""Contact preferences that customers set on their page; sending obeys them."""
