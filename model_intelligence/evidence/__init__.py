"""Everything a decision is based on, as frozen values."""
