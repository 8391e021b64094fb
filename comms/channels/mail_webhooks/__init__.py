"""What providers of mail send us: their signatures, delivery reports, and mails, put back into the bytes of a mail."""
