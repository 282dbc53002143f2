"""Help given by a giver to a receiver, from proposal to credit."""
