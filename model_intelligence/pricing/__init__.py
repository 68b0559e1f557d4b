"""What a call costs, and which of several prices holds."""
