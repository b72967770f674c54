"""The tables that commands print and screens export: their rows, their JSON, and how they are written."""
