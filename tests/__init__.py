"""What exmc is held to."""
