"""Pure arithmetic of credits: who pays, what is left, where it went, and on which day."""
