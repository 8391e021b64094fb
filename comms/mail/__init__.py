"""Product-specific email handling on top of `libs.inbound_mail`: signed Message-IDs, problem texts, documents."""
