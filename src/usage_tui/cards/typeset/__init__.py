"""Lines of styled text and what is drawn with them: tables, bars, plots, large digits."""
