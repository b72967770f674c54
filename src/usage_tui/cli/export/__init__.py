"""`usage-tui export`: tables and a report as files to pass on."""
