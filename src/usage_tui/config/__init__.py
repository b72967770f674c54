"""What a user sets: settings, profiles, tokens and keys, and where their files are."""
