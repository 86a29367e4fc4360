"""The reference replay of TCP: knows segments and connections, nothing of files, clocks or screens."""
