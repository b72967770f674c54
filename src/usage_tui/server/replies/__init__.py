"""What a member is answered: replies, pages of events, and the cursors that lead through them."""
