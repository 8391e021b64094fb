"""What rules do with messages: send a template through the gate, and start when one failed or a link was followed."""
