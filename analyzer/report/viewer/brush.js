// What a measured span of time holds: bytes, what was sent again, round trips.
tcpscope.brush = (() => {
  const { el, button } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const { lower } = tcpscope.connection;
  const RESENT = new Set(["fast-retransmission", "recovery-retransmission", "rto-retransmission",
    "slow-start-retransmission", "tail-loss-probe", "syn-retransmission", "retransmission"]);

  function percentile(sorted, share) {
    if (!sorted.length) return NaN;
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }

  // The figures of one direction between two times, the second left out.
  function figures(c, side, from, to) {
    const made = { segments: 0, bytes: 0, resent: 0, resentBytes: 0 };
    for (let row = lower(c.time, from), stop = lower(c.time, to); row < stop; row++) {
      if (c.sender[row] !== side) continue;
      made.segments++;
      made.bytes += c.len[row];
      if (!RESENT.has(V.kinds[c.kind[row]])) continue;
      made.resent++;
      made.resentBytes += c.len[row];
    }
    const trips = c.roundTrips(side);
    const samples = trips.v.slice(lower(trips.t, from), lower(trips.t, to)).sort();
    const acked = c.acknowledged(side);
    const first = lower(acked.t, from) - 1, last = lower(acked.t, to) - 1;
    made.acknowledged = last >= 0 ? acked.v[last] - (first >= 0 ? acked.v[first] : acked.v[0]) : 0;
    return { ...made, samples: samples.length, low: samples[0], p50: percentile(samples, 0.5),
      p95: percentile(samples, 0.95), high: samples[samples.length - 1] };
  }

  const ROWS = [
    ["segments", (f) => U.count(f.segments)],
    ["payload sent", (f) => U.size(f.bytes)],
    ["rate", (f, s) => U.rate(f.bytes * 8 / s)],
    ["acknowledged", (f) => U.size(f.acknowledged)],
    ["sent again", (f) => `${U.counted(f.resent, "segment")}, ${U.size(f.resentBytes)}`],
    ["round trips", (f) => U.counted(f.samples, "sample")],
    ["least", (f) => U.span(f.low)],
    ["median", (f) => U.span(f.p50)],
    ["95th percentile", (f) => U.span(f.p95)],
    ["most", (f) => U.span(f.high)],
  ];

  function table(c, from, to, onzoom, onclose) {
    const both = [0, 1].map((side) => figures(c, side, from, to));
    const seconds = Math.max((to - from) / 1e9, 1e-9);
    const head = el("tr", {}, el("th", { scope: "col" }, "Measured"),
      ...V.ends.map((end) => el("th", { scope: "col" }, `from the ${end}`)));
    const body = ROWS.map(([title, told]) => el("tr", {}, el("th", { scope: "row" }, title),
      ...both.map((each) => el("td", {}, told(each, seconds)))));
    return el("section", { class: "measured", "aria-label": "The measured span" },
      el("p", {}, el("b", {}, U.span(to - from)), ` from ${c.clock(from, to - from)} to ${c.clock(to, to - from)} `,
        button("Zoom here", "Show only this span", onzoom), button("Close", "Forget this span", onclose)),
      el("div", { class: "scroll" }, el("table", {}, el("thead", {}, head), el("tbody", {}, ...body))));
  }

  return { figures, table };
})();
