"""From a table of events and a description of an organization to a recording."""
