"""Every word staff read that is not fixed in a template, as tables by key; Chinese."""
