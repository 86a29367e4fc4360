"""The commands of the command line, a module each with a `command`; what costs time to import waits until one runs."""
