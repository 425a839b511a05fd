"""What to say next: a state machine whose steps are functions."""
