"""The screens of the command line: plain text with sparing colour, for any width and any encoding."""
