// What stands out in the time-sequence panel: each kind with its own shape and colour, and where its segments are.
tcpscope.marks = (() => {
  const V = tcpscope.vocabulary;
  const { rowsWhere, made, taken } = tcpscope.connection;

  // `of` tells whose segments: those of the sender that the panel shows, or of the end that acknowledges it.
  const KINDS = [
    { key: "fast-retransmission", label: "fast retransmission", symbol: "triangle-up", colour: "fast", of: "sender" },
    { key: "recovery-retransmission", label: "in recovery", symbol: "triangle-down", colour: "recovery", of: "sender" },
    { key: "rto-retransmission", label: "timeout (RTO)", symbol: "x", colour: "rto", of: "sender" },
    { key: "slow-start-retransmission", label: "after the timeout", symbol: "diamond", colour: "slow-start",
      of: "sender" },
    { key: "tail-loss-probe", label: "tail loss probe", symbol: "star", colour: "probe", of: "sender" },
    { key: "syn-retransmission", label: "SYN again", symbol: "square", colour: "syn", of: "sender" },
    { key: "retransmission", label: "sent again, cause unknown", symbol: "circle", colour: "resent", of: "sender" },
    { key: "out-of-order", label: "out of order", symbol: "hexagon-open", colour: "reordered", of: "sender" },
    { key: "network-duplicate", label: "copied by the network", symbol: "square-open", colour: "copied", of: "sender" },
    { key: "zero-window-probe", label: "zero-window probe", symbol: "hourglass", colour: "closed", of: "sender" },
    { key: "keep-alive", label: "keep-alive", symbol: "cross", colour: "ack", of: "sender" },
    { key: "dup-ack", label: "duplicate ACK", symbol: "line-ew-open", colour: "ack", of: "receiver", quiet: true },
    { key: "zero-window", label: "zero window", symbol: "bowtie", colour: "closed", of: "receiver" },
    { key: "rst", label: "reset", symbol: "x-thin-open", colour: "reset", of: "both" },
    { key: "invalid", label: "not acceptable", symbol: "asterisk-open", colour: "reset", of: "both" },
    { key: "spurious", label: "proven unneeded", symbol: "circle-open", colour: "spurious", of: "sender", size: 15 },
  ];
  const LETTERS = [["SYN", V.SYN], ["FIN", V.FIN]];
  const ORDINARY = new Set(["new", "ack", "window-update", "keep-alive-ack", "zero-window-probe-ack", "challenge-ack"]);

  function wanted(c, entry, spurious) {
    if (entry.key === "spurious") return (row) => spurious[row] === 1;
    if (entry.key === "zero-window") {
      return (row) => c.window[row] === 0 && !(c.flags[row] & (V.SYN | V.RST)) && c.kind[row] !== V.kind.invalid;
    }
    const kind = V.kind[entry.key];
    return (row) => c.kind[row] === kind;
  }

  function belongs(c, entry, sender) {
    if (entry.of === "both") return () => true;
    return entry.of === "sender" ? (row) => c.sender[row] === sender : (row) => c.sender[row] !== sender;
  }

  // Where a segment stands in the panel of `sender`.
  function height(c, row, sender) {
    if (c.sender[row] === sender) return (c.seq[row] + c.endOf(row)) / 2;
    return c.ack[row];
  }

  // The rows that stand out at all: a small part of most connections, so that they are looked through once.
  function notable(c) {
    return c.kept("notable", () => {
      const spurious = c.segments.column("spurious");
      const ordinary = V.kinds.map((name) => ORDINARY.has(name));
      return rowsWhere(c.count, (row) => !ordinary[c.kind[row]] || spurious[row] === 1 || c.window[row] === 0);
    });
  }

  // Each kind that occurs: its rows, times and heights.
  function of(c, sender) {
    return c.kept(`marks${sender}`, () => {
      const rows = notable(c), spurious = c.segments.column("spurious");
      return KINDS.map((entry) => {
        const isKind = wanted(c, entry, spurious), isHere = belongs(c, entry, sender);
        const mine = rows.filter((row) => isKind(row) && isHere(row) && !Number.isNaN(height(c, row, sender)));
        return { ...entry, rows: mine, t: taken(c.time, mine),
          v: made(mine, (row) => height(c, row, sender)) };
      }).filter((mark) => mark.rows.length > 0).sort((one, other) => Boolean(other.quiet) - Boolean(one.quiet));
    });
  }

  // SYN and FIN of the sender, by letter.
  function letters(c, sender) {
    return c.kept(`letters${sender}`, () => LETTERS.map(([name, bit]) => {
      const { rows } = c.ranges(sender);
      const mine = rows.filter((row) => c.flags[row] & bit);
      return { name, rows: mine, t: taken(c.time, mine), v: made(mine, (row) => c.endOf(row)) };
    }));
  }

  return { of, letters, KINDS };
})();
