"""What the product adds to `libs.inbound_mail`: signed Message-IDs, words for problems, and the document of a mail."""
