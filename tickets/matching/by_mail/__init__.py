"""Match mails to tickets by the message they answer and their subject; private mail is kept separate."""
