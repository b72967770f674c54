"""What the screen knows: every reply with its fate, and the transitions between them."""
