"""What a resident's message means: intent, matter, place, urgency."""
