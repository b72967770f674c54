"""The demo scenarios: scripts of grants and uses, booked by the ledger, so that their numbers agree."""
