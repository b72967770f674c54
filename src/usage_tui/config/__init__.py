"""What a user configures: settings, profiles, tokens and keys, and where their files are."""
