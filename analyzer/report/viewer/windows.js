// The panels of windows and of round trips. An estimate is drawn dashed, with its interval as a band.
tcpscope.windows = (() => {
  const D = tcpscope.decimate;
  const V = tcpscope.vocabulary;
  const { colour } = tcpscope.theme;
  const { line } = tcpscope.sequence;
  const LINES = [
    { key: "rwnd", label: "offered by the receiver (rwnd)", colour: "edge", glyph: "line", width: 1.5 },
    { key: "cwnd", label: "congestion window (cwnd), estimated", colour: "cwnd", glyph: "dash", dash: "6px,3px",
      width: 2 },
    { key: "ssthresh", label: "ssthresh, estimated", colour: "ssthresh", glyph: "dot", dash: "2px,3px", width: 1.5 },
    { key: "flight", label: "in flight", colour: "data", glyph: "line", width: 1.8 },
  ];
  const MOST_SHADES = 150; // of phases in view; more would be a grey haze

  const known = (c, side) => LINES.filter((entry) => c.windowSeries(side, entry.key).known);

  function legend(c, side) {
    const interval = c.windowSeries(side, "cwnd_low").known
      ? [{ key: "interval", label: "its 90 % interval", colour: "cwnd", glyph: "band" }] : [];
    return [...known(c, side), ...interval];
  }

  function build(c, side, view) {
    const made = known(c, side).map((entry) => {
      const series = c.windowSeries(side, entry.key);
      return { ...entry, steps: D.steps(series.t, series.v, view) };
    });
    const shown = made.filter((entry) => !view.hidden.has(entry.key));
    const high = top(made, shown);
    const traces = view.hidden.has("interval") ? [] : interval(c, side, view);
    for (const entry of shown) {
      traces.push(line(entry.key, entry.steps, { color: colour(entry.colour), width: entry.width, dash: entry.dash }));
    }
    return { traces, range: view.y || [0, high * 1.08 || 1], shapes: shades(c, side, view),
      format: { tickformat: "~s", ticksuffix: "B" },
      empty: made.length ? "" : "The capture does not show this sender's windows." };
  }

  // An offered window far above all else would press the rest to the floor.
  function top(made, shown) {
    const highest = (entry) => Math.max(entry.steps.high, 0);
    const rest = Math.max(0, ...shown.filter((entry) => !["rwnd", "ssthresh"].includes(entry.key)).map(highest));
    const all = Math.max(0, ...shown.map(highest), ...(shown.length ? [] : made.map(highest)));
    return rest > 0 ? Math.min(all, 2.5 * rest) : all;
  }

  function interval(c, side, view) {
    const low = c.windowSeries(side, "cwnd_low"), high = c.windowSeries(side, "cwnd_high");
    if (!low.known || !high.known) return [];
    const none = { width: 0 };
    const below = D.steps(low.t, low.v, view), above = D.steps(high.t, high.v, view);
    const fill = { fill: "tonexty", fillcolor: colour("cwnd-band") };
    return [line("cwnd_low", below, none), { ...line("cwnd_high", above, none), ...fill }];
  }

  // Spans of one value in view: where a phase, or a limit, begins and ends. NaN is no span. `back`: a row tells about
  // the time since the row before it.
  function spans(series, view, back) {
    const { lower } = tcpscope.connection;
    const { t, v } = series;
    const first = Math.max(lower(t, view.from) - 1, 0), stop = Math.min(lower(t, view.to) + 1, t.length);
    const made = [];
    for (let at = first; at < stop; at++) {
      const from = back ? (at ? t[at - 1] : t[at]) : t[at];
      const to = back ? t[at] : at + 1 < t.length ? t[at + 1] : view.end;
      const last = made[made.length - 1];
      if (Number.isNaN(v[at])) continue;
      if (last && last.value === v[at] && from <= last.to) last.to = Math.max(last.to, to);
      else made.push({ value: v[at], from, to });
    }
    return made;
  }

  function shades(c, side, view) {
    const series = c.windowSeries(side, "phase");
    if (!series.known) return [];
    const wide = (view.to - view.from) / view.width * 2;
    const made = spans(series, view, false).filter((span) => span.to - span.from >= wide);
    if (made.length > MOST_SHADES) return [];
    return made.map((span) => ({
      type: "rect", xref: "x", yref: "paper", layer: "below", line: { width: 0 }, y0: 0, y1: 1,
      x0: D.seconds(Math.max(span.from, view.from)), x1: D.seconds(Math.min(span.to, view.to)),
      fillcolor: colour(`phase-${V.phases[span.value]}`),
    }));
  }

  return { id: "windows", title: (side) => `Windows of the ${V.ends[side]}`, legend, build, spans, weight: 26 };
})();

tcpscope.roundTrips = (() => {
  const D = tcpscope.decimate;
  const V = tcpscope.vocabulary;
  const { colour } = tcpscope.theme;
  const { line } = tcpscope.sequence;
  const MS = 1e6;
  const DOT = 3; // pixels
  const LEGIBLE = 5; // times the largest sample that the panel may reach up to

  function legend(c, side) {
    return [
      { key: "samples", label: "sample", glyph: "point", colour: "data" },
      ...(c.windowSeries(side, "srtt_ns").known ? [{ key: "srtt", label: "smoothed (srtt)", glyph: "line",
        colour: "cwnd" }] : []),
      ...(c.windowSeries(side, "rto_ns").known ? [{ key: "timer", label: "timeout in force (RTO)", glyph: "dot",
        colour: "rto" }] : []),
      ...(timeouts(c, side).length ? [{ key: "rto", label: "timeout that ran out", glyph: "x", colour: "rto" }] : []),
    ];
  }

  // What each retransmission timer had waited when it ran out.
  function timeouts(c, side) {
    return c.kept(`timeouts${side}`, () => {
      const event = c.events.column("event"), sender = c.events.column("sender");
      const time = c.events.column("time_ns"), waited = c.events.column("b");
      const made = [];
      for (let row = 0; row < c.events.rows; row++) {
        if (event[row] !== V.event.rto || sender[row] !== side || Number.isNaN(waited[row])) continue;
        made.push({ t: time[row], v: waited[row] });
      }
      return made;
    });
  }

  function timerSteps(c, side, view) {
    const { t, v } = c.windowSeries(side, "rto_ns");
    return D.steps(t, c.kept(`rto_ms${side}`, () => v.map((ns) => ns / MS)), view);
  }

  // The timeout is often many round trips: the panel reaches up to it where the round trips stay legible.
  function withTimer(most, timer) {
    const reach = Math.max(timer.high, 0);
    return most > 0 && reach > LEGIBLE * most ? most : Math.max(most, reach);
  }

  // Many points are one path of short strokes: an element for each would take seconds.
  function dots(samples, view, range) {
    const kept = D.apart(samples.t, samples.v, view, range, DOT - 1);
    const half = DOT / 2 * (view.to - view.from) / view.width / 1e9;
    const x = [], y = [];
    for (const at of kept) {
      const s = D.seconds(samples.t[at]), ms = samples.v[at] / MS;
      x.push(s - half, s + half, null);
      y.push(ms, ms, null);
    }
    return { x, y };
  }

  function build(c, side, view) {
    const samples = c.roundTrips(side), smooth = c.windowSeries(side, "srtt_ns");
    const late = timeouts(c, side).filter((each) => each.t >= view.from && each.t <= view.to);
    const [low, high] = D.extent(samples.t, samples.v, view);
    const steps = D.steps(smooth.t, c.kept(`srtt_ms${side}`, () => smooth.v.map((ns) => ns / MS)), view);
    const most = Math.max(high > -Infinity ? high / MS : 0, steps.high > -Infinity ? steps.high : 0);
    const timer = timerSteps(c, side, view);
    const range = view.y || [0, withTimer(most, timer) * 1.1 || 1];
    const traces = [];
    if (!view.hidden.has("samples")) {
      const scaled = [range[0] * MS, range[1] * MS];
      traces.push(line("samples", dots(samples, view, scaled), { color: colour("data"), width: DOT }));
    }
    if (!view.hidden.has("srtt")) traces.push(line("srtt", steps, { color: colour("cwnd"), width: 1.8 }));
    if (!view.hidden.has("timer")) {
      traces.push(line("timer", timer, { color: colour("rto"), width: 1.5, dash: "2px,3px" }));
    }
    if (!view.hidden.has("rto")) {
      traces.push({ type: "scatter", mode: "markers", name: "rto", hoverinfo: "skip", cliponaxis: false,
        x: late.map((each) => D.seconds(each.t)), y: late.map((each) => Math.min(each.v / MS, range[1])),
        marker: { symbol: "x", size: 9, color: colour("rto") } });
    }
    return { traces, range, format: { ticksuffix: " ms" },
      empty: low <= high || smooth.known ? "" : "No round trip of this direction can be measured here." };
  }

  return { id: "rtt", title: (side) => `Round trips of what the ${V.ends[side]} sent`, legend, build, weight: 17 };
})();
