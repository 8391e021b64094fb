"""What may be kept as a document, told by its bytes, and how uploads come in."""
