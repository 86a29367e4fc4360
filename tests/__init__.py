"""The tests of tcpscope; folders mirror the packages."""
