"""Donations: hours passed on without service, from person to person or by way of the community pot. Never help."""
