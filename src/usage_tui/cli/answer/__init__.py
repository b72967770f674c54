"""What the commands share that answer one question: how a source is named and asked, and the formats."""
