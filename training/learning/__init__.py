"""Runs: their network, clock, checkpoint, objective and optimiser; what to run next."""
