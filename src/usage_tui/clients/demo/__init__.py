"""Demo data: invented organizations, each one scenario."""
