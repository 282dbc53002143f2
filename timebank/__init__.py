"""A timebank and reciprocity ledger: one hour is one hour. Importing this package loads nothing else."""
