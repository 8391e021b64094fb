"""How somebody wants to hear from us, chosen on their own page; what the gate obeys is what is kept here."""
