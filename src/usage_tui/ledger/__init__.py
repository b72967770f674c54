"""The arithmetic of grants and events, without I/O: who pays, what is left, where it went, on which day."""
