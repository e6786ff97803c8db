"""One file per port and technology."""
