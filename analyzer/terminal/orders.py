"""How connections can be ranked, with the words for it."""

ORDERS = {
    "worst": "worst first",
    "bytes": "most bytes first",
    "duration": "longest first",
    "rtt": "longest round trip first",
    "retransmissions": "most retransmissions first",
    "segments": "most segments first",
    "first": "in order of appearance",
}
