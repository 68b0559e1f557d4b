"""Observations into the ledger."""
