"""What the two of an exchange write to each other, and their inboxes."""
