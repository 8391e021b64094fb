"""What is measured of messages: what arrives, the gate, and the way to a ticket."""
