// Thousands of segments to a pixel: the least and the greatest of each column of pixels are what can be seen of them.
tcpscope.decimate = (() => {
  const { lower } = tcpscope.connection;
  const RAW_PER_PIXEL = 2; // points to a pixel up to which every one is drawn
  const seconds = (ns) => ns / 1e9;

  // The places of `t` in view, with one neighbour on each side so that lines go to the edges.
  function inView(t, view) {
    const first = Math.max(lower(t, view.from) - 1, 0);
    return [first, Math.min(lower(t, view.to) + 1, t.length)];
  }

  // A line that holds each value until the next one; NaN leaves a gap.
  function steps(t, v, view) {
    const [first, stop] = inView(t, view);
    const made = { x: [], y: [], low: Infinity, high: -Infinity };
    if (stop - first <= RAW_PER_PIXEL * view.width) rawSteps(t, v, first, stop, view, made);
    else columnSteps(t, v, first, stop, view, made);
    return made;
  }

  // The last value holds until the connection ends.
  const lastShown = (view) => Math.min(view.to, view.end ?? view.to);

  function push(made, ns, value) {
    made.x.push(seconds(ns));
    made.y.push(value);
    if (value < made.low) made.low = value;
    if (value > made.high) made.high = value;
  }

  function rawSteps(t, v, first, stop, view, made) {
    for (let at = first; at < stop; at++) {
      if (at > first) push(made, t[at], v[at - 1]);
      push(made, t[at], v[at]);
    }
    if (stop > first && stop === t.length) push(made, Math.max(lastShown(view), t[stop - 1]), v[stop - 1]);
  }

  function columnSteps(t, v, first, stop, view, made) {
    const perNs = view.width / (view.to - view.from);
    let at = first, last = NaN;
    while (at < stop) {
      const column = Math.floor((t[at] - view.from) * perNs);
      const start = at;
      let low = Infinity, high = -Infinity;
      for (; at < stop && Math.floor((t[at] - view.from) * perNs) === column; at++) {
        if (v[at] < low) low = v[at];
        if (v[at] > high) high = v[at];
      }
      if (!Number.isNaN(last)) push(made, t[start], last);
      if (low <= high) { push(made, t[start], low); push(made, t[start], high); }
      last = v[at - 1];
      push(made, t[start], last);
    }
    if (stop === t.length && stop > first) push(made, Math.max(lastShown(view), t[stop - 1]), last);
  }

  // Upright bars from `low` to `high`; one for each column of pixels where there are too many. Returns also whether
  // every bar stands for one segment.
  function bars(t, low, high, view) {
    const first = lower(t, view.from), stop = lower(t, view.to + 1);
    const each = stop - first <= RAW_PER_PIXEL * view.width;
    const made = { each, t: [], low: [], high: [] };
    const perNs = view.width / (view.to - view.from);
    for (let at = first; at < stop;) {
      let bottom = low[at], top = high[at], next = at + 1;
      if (!each) {
        const column = Math.floor((t[at] - view.from) * perNs);
        for (; next < stop && Math.floor((t[next] - view.from) * perNs) === column; next++) {
          if (low[next] < bottom) bottom = low[next];
          if (high[next] > top) top = high[next];
        }
      }
      made.t.push(t[at]); made.low.push(bottom); made.high.push(top);
      at = next;
    }
    return made;
  }

  // Bars as one path; each at least `least` high, for a line of no length leaves no pixel.
  function path(made, least) {
    const count = made.t.length;
    const x = new Array(3 * count), y = new Array(3 * count);
    for (let at = 0; at < count; at++) {
      const pad = Math.max(0, (least - (made.high[at] - made.low[at])) / 2);
      x[3 * at] = x[3 * at + 1] = seconds(made.t[at]);
      y[3 * at] = made.low[at] - pad;
      y[3 * at + 1] = made.high[at] + pad;
      x[3 * at + 2] = y[3 * at + 2] = null;
    }
    return { x, y };
  }

  // Points that would fall on the pixels of another are left out, and no others. Returns places in `t`.
  function apart(t, v, view, range, cell) {
    const first = lower(t, view.from), stop = lower(t, view.to + 1);
    const columns = Math.ceil(view.width / cell) + 1, rows = Math.ceil(view.height / cell) + 1;
    const taken = new Uint8Array(columns * rows);
    const perNs = view.width / (view.to - view.from) / cell;
    const perValue = view.height / (range[1] - range[0] || 1) / cell;
    const kept = [];
    for (let at = first; at < stop; at++) {
      const row = Math.min(Math.max(Math.floor((v[at] - range[0]) * perValue), 0), rows - 1);
      const place = Math.floor((t[at] - view.from) * perNs) * rows + row;
      if (taken[place]) continue;
      taken[place] = 1;
      kept.push(at);
    }
    return kept;
  }

  // The least and the greatest value in view.
  function extent(t, v, view) {
    const [first, stop] = inView(t, view);
    let low = Infinity, high = -Infinity;
    for (let at = first; at < stop; at++) {
      if (v[at] < low) low = v[at];
      if (v[at] > high) high = v[at];
    }
    return [low, high];
  }

  return { steps, bars, path, apart, extent, seconds };
})();
