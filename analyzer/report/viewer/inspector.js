// Everything about the chosen segment.
tcpscope.inspector = (() => {
  const { el, copyable } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const W = tcpscope.words;

  function rows(c, row) {
    const stream = `tcp.stream eq ${c.number}`;
    const before = row ? `${U.span(c.time[row] - c.time[row - 1])} after the segment before` : "the first segment";
    const length = c.len[row];
    const state = (value) => (U.unknown(value) ? "unknown" : V.states[value]);
    const [client, server] = c.states(row);
    const rtt = c.segments.column("rtt_ns")[row];
    const spurious = c.segments.column("spurious")[row];
    return [
      ["Frame", copyable(`frame.number == ${c.frame[row]}`)],
      ["Connection", copyable(stream)],
      ["Time", `${c.clock(c.time[row], 0)} since the ${c.ofCapture ? "capture's first packet" : "first segment"}, `
        + before],
      ["", U.utc(c.data.start_ns, c.time[row])],
      ["Sender", V.ends[c.sender[row]]],
      ["Flags", W.flagNames(c.flags[row])],
      ["Sequence", length ? `${U.count(c.seq[row])} to ${U.count(c.endOf(row))}, ${U.counted(length, "byte")}`
        : U.count(c.seq[row])],
      ["Acknowledges", U.unknown(c.ack[row]) ? "nothing" : U.count(c.ack[row])],
      ["On the wire", onTheWire(c, row)],
      ["Options", options(c, row)],
      ["SACK", sacks(c, row)],
      ["Window", U.unknown(c.window[row]) ? "unknown" : `${U.counted(c.window[row], "byte")} offered`],
      ["Kind", V.kinds[c.kind[row]] + (spurious === 1 ? ", proven unneeded" : "")],
      ["Because", c.reason(row) || "no rule was needed"],
      ["Round trip", U.unknown(rtt) ? "" : `${U.span(rtt)}, which this segment completes`],
      ["States after it", `client ${state(client)}, server ${state(server)}`],
    ].filter(([, value]) => value !== "");
  }

  // What the SYN of an end offered, and what of it both ends have in use from then on.
  function options(c, row) {
    if (!(c.flags[row] & V.SYN)) return "";
    const told = c.data.directions[c.sender[row]] || {}, scale = told.window_scale;
    return [U.unknown(told.mss) ? "" : `MSS ${U.counted(told.mss, "byte")}`,
      U.unknown(scale) ? "" : `window scale ${scale} (times ${U.count(2 ** scale)})`,
      told.sack_permitted ? "SACK in use" : "", told.timestamps ? "timestamps in use" : ""].filter(Boolean).join(", ");
  }

  function onTheWire(c, row) {
    const sender = c.sender[row], [mine, theirs] = [sender, 1 - sender].map((end) => c.data.directions[end]?.isn);
    const parts = [U.unknown(mine) ? "" : `seq ${c.wire(sender, c.seq[row])}`,
      U.unknown(theirs) || U.unknown(c.ack[row]) ? "" : `ack ${c.wire(1 - sender, c.ack[row])}`];
    return parts.filter(Boolean).join(", ");
  }

  function sacks(c, row) {
    return c.blocksOf(row).map(({ low, high, twice }) =>
      `${U.count(low)} to ${U.count(high)}${twice ? " came twice (D-SACK)" : ""}`).join("; ");
  }

  class Inspector {
    constructor() {
      this.body = el("dl", {});
      this.node = el("section", { class: "inspector", "aria-label": "The chosen segment", "aria-live": "polite" },
        el("h3", {}, "Segment"), this.body);
    }

    show(c, row) {
      this.body.replaceChildren(...rows(c, row).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
    }
  }

  return { Inspector };
})();
