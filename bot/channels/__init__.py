"""One file a channel; everything else knows only the port in ``base``."""
