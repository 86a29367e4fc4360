"""A connection under another sender: its writes, delays, losses and windows from the capture, the rest simulated."""
