"""What open leads will likely bring, as far as what became of others tells."""
