"""What somebody tells the time brokers in private, and nobody else."""
