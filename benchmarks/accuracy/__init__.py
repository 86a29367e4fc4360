"""How right tcpscope is: its tables beside what the sending kernel knew, on the connections of `fixtures/truth`."""
