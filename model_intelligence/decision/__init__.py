"""Evidence and policy in, Upgrade or Keep out; pure."""
