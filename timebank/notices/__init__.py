"""What people are told: an outbox, written in the same transaction as what happened, and sent afterwards."""
