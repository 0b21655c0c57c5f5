"""Social impact: what changed for people and gminas, how it is known, how sure it is, and what it is worth."""
