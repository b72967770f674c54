"""What is peculiar to terminals and to SSH."""
