// The panel of rates: all payload on the wire, and the part of it that was acknowledged, in bins of a few pixels.
tcpscope.rates = (() => {
  const D = tcpscope.decimate;
  const V = tcpscope.vocabulary;
  const { lower } = tcpscope.connection;
  const { colour } = tcpscope.theme;
  const { line } = tcpscope.sequence;
  const BIN = 6; // pixels
  const BITS = 8;

  function legend() {
    return [
      { key: "throughput", label: "throughput: everything sent", glyph: "line", colour: "data" },
      { key: "goodput", label: "goodput: what was acknowledged", glyph: "dash", colour: "edge" },
    ];
  }

  // How long a bin is: of a few pixels, and never shorter than a microsecond.
  function bins(view) {
    const count = Math.max(8, Math.floor(view.width / BIN));
    const span_ns = Math.max(view.to - view.from, count * 1000);
    return { count, span_ns: span_ns / count };
  }

  function sent(c, side, view, { count, span_ns }) {
    const { rows, t } = c.ranges(side);
    const sums = new Float64Array(count);
    for (let at = lower(t, view.from), stop = lower(t, view.to); at < stop; at++) {
      sums[Math.min(Math.floor((t[at] - view.from) / span_ns), count - 1)] += c.len[rows[at]];
    }
    return sums;
  }

  function confirmed(c, side, view, { count, span_ns }) {
    const { t, v } = c.acknowledged(side);
    const sums = new Float64Array(count);
    for (let at = Math.max(lower(t, view.from), 1), stop = lower(t, view.to); at < stop; at++) {
      sums[Math.min(Math.floor((t[at] - view.from) / span_ns), count - 1)] += v[at] - v[at - 1];
    }
    return sums;
  }

  function steps(sums, view, span_ns) {
    const x = [], y = [];
    let high = 0;
    sums.forEach((bytes, bin) => {
      const rate = bytes * BITS / (span_ns / 1e9);
      high = Math.max(high, rate);
      x.push(D.seconds(view.from + bin * span_ns), D.seconds(view.from + (bin + 1) * span_ns));
      y.push(rate, rate);
    });
    return { x, y, high };
  }

  function build(c, side, view) {
    const sized = bins(view);
    const all = steps(sent(c, side, view, sized), view, sized.span_ns);
    const good = steps(confirmed(c, side, view, sized), view, sized.span_ns);
    const traces = [];
    if (!view.hidden.has("throughput")) {
      traces.push({ ...line("throughput", all, { color: colour("data"), width: 1.5 }), fill: "tozeroy",
        fillcolor: colour("data-band") });
    }
    if (!view.hidden.has("goodput")) {
      traces.push(line("goodput", good, { color: colour("edge"), width: 1.8, dash: "5px,2px" }));
    }
    const range = view.y || [0, Math.max(all.high, good.high) * 1.08 || 1];
    return { traces, range, format: { tickformat: "~s", ticksuffix: "bit/s" } };
  }

  return { id: "rates", title: (side) => `Rate, ${V.ends[side]} → ${V.ends[1 - side]}`, legend, build, weight: 17 };
})();
