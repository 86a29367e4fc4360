// The tables of a connection: its events and its segments, which are also the drawings in words.
tcpscope.tables = (() => {
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const W = tcpscope.words;
  const { VirtualTable } = tcpscope.table;
  const QUIET = new Set(["state", "recovery.exit", "zero-window.probe", "slow-start.exit"]);

  // The events as objects, in order of time.
  function events(c) {
    return c.kept("events", () => {
      const column = (name) => c.events.column(name);
      const [t, frame, sender, event] = ["time_ns", "frame", "sender", "event"].map(column);
      const [a, b, d] = ["a", "b", "c"].map(column);
      return Array.from({ length: c.events.rows }, (_, row) => ({
        t: t[row], frame: frame[row], sender: sender[row], name: V.events[event[row]],
        detail: W.event(event[row], a[row], b[row], d[row]),
      }));
    });
  }

  // Those that get a line in the drawings: moves of a state would stand at every opening and closing.
  const lined = (c) => c.kept("lined", () => events(c).filter((event) => !QUIET.has(event.name)));

  function eventTable(c, onrow) {
    const list = events(c);
    return new VirtualTable({
      label: "Events", rows: list.length, onrow: (row) => onrow(list[row]), sort: "time",
      columns: [
        { key: "time", title: "time", number: true, rising: true, value: (row) => list[row].t,
          cell: (row) => c.clock(list[row].t, 0) },
        { key: "frame", title: "frame", number: true, rising: true, value: (row) => list[row].frame,
          cell: (row) => U.count(list[row].frame) },
        { key: "end", title: "end", value: (row) => list[row].sender, cell: (row) => V.ends[list[row].sender] },
        { key: "event", title: "event", value: (row) => list[row].name, cell: (row) => list[row].name },
        { key: "detail", title: "detail", value: (row) => list[row].detail, cell: (row) => list[row].detail },
      ],
    });
  }

  function number(key, title, c) {
    const values = c[key];
    return { key, title, number: true, rising: true, value: (row) => values[row],
      cell: (row) => U.count(values[row]) };
  }

  function segmentTable(c, onrow) {
    const kind = (row) => V.kinds[c.kind[row]];
    return new VirtualTable({
      label: "Segments", rows: c.count, onrow, sort: "",
      columns: [
        number("frame", "frame", c),
        { key: "time", title: "time", number: true, rising: true, value: (row) => c.time[row],
          cell: (row) => c.clock(c.time[row], 0) },
        { key: "sender", title: "sender", value: (row) => c.sender[row], cell: (row) => V.ends[c.sender[row]] },
        { key: "flags", title: "flags", value: (row) => c.flags[row], cell: (row) => W.flags(c.flags[row]) },
        { ...number("seq", "seq", c), cell: (row) => c.shown(c.sender[row], c.seq[row]) }, number("len", "len", c),
        { ...number("ack", "ack", c), cell: (row) => c.shown(1 - c.sender[row], c.ack[row]) },
        number("window", "window", c),
        ...(c.sacks.rows ? [{ key: "sack", title: "SACK", value: (row) => c.blocksOf(row).length || NaN,
          plain: (row) => W.sacks(c, row), cell: (row) => W.sacks(c, row).replace(/^SACK /, "") }] : []),
        { key: "kind", title: "kind", value: kind, cell: kind },
        { key: "reason", title: "reason", cell: (row) => c.reason(row) },
      ],
    });
  }

  return { events, lined, eventTable, segmentTable };
})();
