"""The conversation: channels, inbox, dialogue and delivery. No vendor types leave an adapter."""
