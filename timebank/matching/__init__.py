"""Which offer suits which request, and why."""
