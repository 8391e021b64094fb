"""Messages in automation rules: send a template through the gate; start when a message failed or a link was opened."""
