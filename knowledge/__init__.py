"""What the texts say: reading, splitting, finding and quoting them, and keeping them in force."""
