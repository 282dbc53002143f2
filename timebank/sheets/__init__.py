"""Paper: sheets that are printed, filled in by hand, and entered back, by hand or from a file."""
