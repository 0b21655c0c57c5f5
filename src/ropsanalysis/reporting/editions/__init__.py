"""Two editions of the same reports side by side: what changed, by how much, and what may have changed it."""
