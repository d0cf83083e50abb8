"""Where one more partner mostly shares what the others have."""
