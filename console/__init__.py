"""The staff desk: where committee, departments, curators and supervisors do their work."""
