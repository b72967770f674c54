"""`usage-tui check`: whether all is well, as an exit code, a line, and new reasons told once."""
