"""Components of our own in Rasa's pipeline (Python 3.10, Rasa 3.6)."""
