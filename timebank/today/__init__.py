"""The broker's day: everything that waits for a broker, whoever has waited longest first."""
