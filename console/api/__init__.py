"""The desk's actions as JSON, for programs: the same permissions, the same errors."""
