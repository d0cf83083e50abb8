"""What partners carry, and which family each could sell next."""
