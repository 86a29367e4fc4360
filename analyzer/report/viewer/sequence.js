// The time-sequence panel: data as upright bars, the acknowledgment line below, the window's edge above, and the marks.
tcpscope.sequence = (() => {
  const D = tcpscope.decimate;
  const { colour } = tcpscope.theme;
  const { taken } = tcpscope.connection;
  const MARK_CELL = 3; // pixels; marks closer than this would cover each other
  const BEAM_LEAST = 5; // pixels of a bar from which on it gets the ends of an I-beam
  const LEAST = 1.6; // pixels that the shortest bar is high

  function legend(c, side) {
    const receiver = tcpscope.vocabulary.ends[1 - side];
    return [
      { key: "data", label: "data", glyph: "bar", colour: "data" },
      { key: "ack", label: "acknowledged", title: `By the ${receiver}`, glyph: "line", colour: "ack" },
      { key: "edge", label: "window edge", title: "What the receiver allows to send", glyph: "dash", colour: "edge" },
      ...sackLegend(c, side),
      ...tcpscope.marks.of(c, side).map((mark) => (
        { key: mark.key, label: mark.label, glyph: mark.symbol, colour: mark.colour, count: mark.rows.length })),
    ];
  }

  // The blocks of one sort: those that tell of holes, or those that tell that bytes came twice.
  function blocks(c, side, twice) {
    return c.kept(`blocks${twice}${side}`, () => {
      const { t, low, high, twice: marked } = c.reported(side);
      const mine = tcpscope.connection.rowsWhere(t.length, (at) => marked[at] === twice);
      return { t: taken(t, mine), low: taken(low, mine), high: taken(high, mine) };
    });
  }

  const SACKS = [{ key: "sack", label: "SACK", title: "Arrived beyond a hole", twice: 0, width: 1.6 },
    { key: "dsack", label: "D-SACK", title: "Arrived twice", twice: 1, width: 3.4 }];

  function sackLegend(c, side) {
    return SACKS.map(({ key, label, title, twice }) => (
      { key, label, title, glyph: "bar", colour: key, count: blocks(c, side, twice).t.length }))
      .filter((entry) => entry.count);
  }

  function sackTraces(c, side, view, perPixel) {
    return SACKS.filter((entry) => !view.hidden.has(entry.key)).map((entry) => {
      const { t, low, high } = blocks(c, side, entry.twice);
      return line(entry.key, D.path(D.bars(t, low, high, view), LEAST * perPixel),
        { color: colour(entry.key), width: entry.width });
    }).filter((trace) => trace.x.length);
  }

  // Data and acknowledgments set the range; a wide window would squeeze them, so it is cut off above.
  function range(bars, ack, view) {
    const low = Math.min(...limits(bars.low, Math.min, Infinity), ack.low);
    const high = Math.max(...limits(bars.high, Math.max, -Infinity), ack.high);
    if (!(low <= high)) return [0, 1];
    const pad = Math.max((high - low) * 0.06, 1);
    return view.whole ? [Math.min(low, Math.max(low - pad, -pad)), high + pad] : [low - pad, high + pad];
  }

  function limits(values, better, start) {
    return [values.reduce((best, value) => better(best, value), start)];
  }

  function line(name, made, look) {
    return { type: "scatter", mode: "lines", name, x: made.x, y: made.y, hoverinfo: "skip", line: look };
  }

  function beams(bars, view, perPixel) {
    const arm = 2.5 * (view.to - view.from) / view.width / 1e9;
    const x = [], y = [];
    bars.t.forEach((ns, at) => {
      if ((bars.high[at] - bars.low[at]) / perPixel < BEAM_LEAST) return;
      const s = D.seconds(ns);
      x.push(s - arm, s + arm, null, s - arm, s + arm, null);
      y.push(bars.low[at], bars.low[at], null, bars.high[at], bars.high[at], null);
    });
    return { x, y };
  }

  function markTraces(c, side, view, range) {
    return tcpscope.marks.of(c, side).filter((mark) => !view.hidden.has(mark.key)).map((mark) => {
      const kept = D.apart(mark.t, mark.v, view, range, MARK_CELL);
      return {
        type: "scatter", mode: "markers", name: mark.key, hoverinfo: "skip", cliponaxis: false,
        x: kept.map((at) => D.seconds(mark.t[at])), y: kept.map((at) => mark.v[at]),
        marker: { symbol: mark.symbol, size: mark.size || (mark.quiet ? 7 : 10), color: colour(mark.colour),
          line: { width: mark.symbol.endsWith("open") ? 2 : 1,
            color: mark.symbol.endsWith("open") ? colour(mark.colour) : colour("paper") } },
      };
    });
  }

  function letterTraces(c, side, view) {
    return tcpscope.marks.letters(c, side).filter((set) => set.rows.length).map((set) => {
      const shown = [...set.rows.keys()].filter((at) => set.t[at] >= view.from && set.t[at] <= view.to).slice(0, 200);
      return { type: "scatter", mode: "text", name: set.name, hoverinfo: "skip", cliponaxis: false,
        x: shown.map((at) => D.seconds(set.t[at])), y: shown.map((at) => set.v[at]),
        text: shown.map(() => set.name), textposition: set.name === "SYN" ? "bottom right" : "top left",
        textfont: { size: 11, color: colour("ink-2") } };
    });
  }

  // Bytes since the ISN, or, where asked for, the numbers on the wire.
  function numbers(c, side, [low, high], view) {
    const isn = c.data.directions[side]?.isn;
    if (!c.absolute || tcpscope.units.unknown(isn)) return { tickformat: "~s", ticksuffix: "B" };
    const tickvals = tcpscope.ticks.between(low + isn, high + isn, view.height / 40).map((value) => value - isn);
    return { tickmode: "array", tickvals, ticktext: tickvals.map((value) => c.wire(side, Math.round(value))) };
  }

  function build(c, side, view) {
    const data = c.ranges(side), heard = c.acknowledged(side);
    const bars = D.bars(data.t, data.low, data.high, view);
    const ack = D.steps(heard.t, heard.v, view);
    const chosen = view.y || range(bars, ack, view);
    const perPixel = (chosen[1] - chosen[0]) / view.height;
    const traces = [];
    if (!view.hidden.has("edge")) {
      const look = { color: colour("edge"), width: 1.5, dash: "5px,3px" };
      traces.push(line("edge", D.steps(heard.t, heard.edge, view), look));
    }
    if (!view.hidden.has("ack")) traces.push(line("ack", ack, { color: colour("ack"), width: 1.5 }));
    traces.push(...sackTraces(c, side, view, perPixel));
    if (!view.hidden.has("data")) {
      traces.push(line("data", D.path(bars, LEAST * perPixel), { color: colour("data"), width: bars.each ? 2 : 1.5 }));
      if (bars.each) traces.push(line("beams", beams(bars, view, perPixel), { color: colour("data"), width: 1.2 }));
    }
    traces.push(...markTraces(c, side, view, chosen), ...letterTraces(c, side, view));
    return { traces, range: chosen, format: numbers(c, side, chosen, view) };
  }

  const title = (side) => {
    const [from, to] = side ? ["server", "client"] : ["client", "server"];
    return `Sequence numbers, ${from} → ${to}`;
  };

  return { id: "sequence", title, legend, build, line, weight: 40 };
})();
