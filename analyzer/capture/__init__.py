"""Reading captures: bytes of a file to batches of packets to decoded segments."""
