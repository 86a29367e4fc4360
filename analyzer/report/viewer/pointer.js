// Mouse, pen and fingers on the panels: point for details, click to choose, drag to zoom, move or measure.
tcpscope.pointer = (() => {
  const { el } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const { lower } = tcpscope.connection;
  const REACH = 14; // pixels around the pointer in which a segment is looked for
  const MOST_LOOKED_AT = 4000; // segments
  const DRAG_LEAST = 5; // pixels; less is a click
  const WHEEL_STEP = 1.2;

  // The segment that is drawn nearest to the pointer, -1 for none: one that stands out comes before ordinary ones.
  function nearest(c, panel, side, x, y) {
    if (panel.spec.id !== "sequence") return nearestInTime(c, panel, x);
    const reach_ns = REACH / panel.width * (panel.view.to - panel.view.from);
    const at_ns = panel.timeAt(x);
    let best = -1, least = REACH;
    const consider = (row, low, high, extra) => {
      const top = panel.heightOf(high), bottom = panel.heightOf(low);
      const dy = y < top ? top - y : y > bottom ? y - bottom : 0;
      const distance = Math.hypot(panel.pixelOf(c.time[row]) - x, dy) + extra;
      if (distance < least) { least = distance; best = row; }
    };
    for (const mark of tcpscope.marks.of(c, side)) {
      if (panel.view.hidden.has(mark.key)) continue;
      eachNear(mark.t, at_ns, reach_ns, (at) => consider(mark.rows[at], mark.v[at], mark.v[at], -4));
    }
    const data = c.ranges(side), heard = c.acknowledged(side);
    eachNear(data.t, at_ns, reach_ns, (at) => consider(data.rows[at], data.low[at], data.high[at], 0));
    eachNear(heard.t, at_ns, reach_ns, (at) => consider(heard.rows[at], heard.v[at], heard.v[at], 1));
    const sack = c.reported(side);
    eachNear(sack.t, at_ns, reach_ns, (at) => consider(sack.rows[at], sack.low[at], sack.high[at], 2));
    return best;
  }

  function eachNear(times, at_ns, reach_ns, visit) {
    const first = lower(times, at_ns - reach_ns), stop = lower(times, at_ns + reach_ns);
    const step = Math.max(1, Math.ceil((stop - first) / MOST_LOOKED_AT));
    for (let at = first; at < stop; at += step) visit(at);
  }

  function nearestInTime(c, panel, x) {
    if (!c.count) return -1;
    const ns = panel.timeAt(x);
    const after = c.rowAt(ns), before = Math.max(after - 1, 0);
    const row = Math.abs(c.time[before] - ns) < Math.abs(c.time[after] - ns) ? before : after;
    return Math.abs(panel.pixelOf(c.time[row]) - x) <= REACH ? row : -1;
  }

  // What the panel shows at a moment, in a few lines.
  function lines(c, panel, side, ns, row) {
    const told = [];
    if (row >= 0) {
      told.push(`Frame ${c.frame[row]} · ${V.ends[c.sender[row]]} · ${V.kinds[c.kind[row]]}`);
      const length = c.len[row] ? ` (${U.count(c.len[row])} B)` : "";
      told.push(`${tcpscope.words.flags(c.flags[row])} seq ${c.shown(c.sender[row], c.seq[row])}${length}`
        + `${Number.isNaN(c.ack[row]) ? "" : ` ack ${c.shown(1 - c.sender[row], c.ack[row])}`}`);
      told.push(tcpscope.words.sacks(c, row));
    }
    if (panel.spec.id === "windows") told.push(...windowLines(c, side, ns));
    if (panel.spec.id === "rtt") told.push(...roundTripLines(c, side, ns, row));
    if (row >= 0 && panel.spec.id === "sequence") told.push(c.reason(row));
    return [c.clock(ns, panel.view.to - panel.view.from), ...told.filter(Boolean)];
  }

  function windowLines(c, side, ns) {
    const row = c.windowRow(side, ns);
    if (row < 0) return [];
    const value = (name) => c.windowSeries(side, name).v[row];
    const told = ["flight", "rwnd", "cwnd", "ssthresh"].filter((name) => !U.unknown(value(name)))
      .map((name) => `${name} ${U.size(value(name))}`);
    if (!U.unknown(value("cwnd_low"))) {
      told.push(`cwnd is between ${U.size(value("cwnd_low"))} and ${U.size(value("cwnd_high"))} (90 %)`);
    }
    return told;
  }

  function roundTripLines(c, side, ns, row) {
    const at = c.windowRow(side, ns), told = [];
    const rtt = row >= 0 ? c.segments.column("rtt_ns")[row] : NaN;
    if (!Number.isNaN(rtt) && c.sender[row] !== side) told.push(`sample ${U.span(rtt)}`);
    const smooth = at < 0 ? NaN : c.windowSeries(side, "srtt_ns").v[at];
    if (!Number.isNaN(smooth)) told.push(`smoothed ${U.span(smooth)}`);
    const timeout = at < 0 ? NaN : c.windowSeries(side, "rto_ns").v[at];
    if (!Number.isNaN(timeout)) told.push(`timeout in force (RTO) ${U.span(timeout)}`);
    return told;
  }

  class Pointer {
    // `view` offers connection, side, panels, zoom, pan, select and measure.
    constructor(view) {
      this.view = view;
      this.tip = el("div", { class: "tip", role: "tooltip" });
      this.fingers = new Map();
      document.body.append(this.tip);
      for (const panel of view.panels.list) this.listen(panel);
    }

    listen(panel) {
      const { sheet } = panel;
      const on = (name, act, options) => sheet.addEventListener(name, (event) => act.call(this, panel, event), options);
      on("pointermove", this.move);
      on("pointerdown", this.down);
      on("pointerup", this.up);
      on("pointercancel", this.cancel);
      on("pointerleave", this.leave);
      on("dblclick", () => this.view.reset());
      on("wheel", this.wheel, { passive: false });
    }

    move(panel, event) {
      if (this.fingers.has(event.pointerId)) this.fingers.set(event.pointerId, event.offsetX);
      if (this.fingers.size === 2) return this.pinch(panel);
      if (this.drag) return this.dragTo(panel, event);
      this.hover(panel, event.offsetX, event.offsetY, event);
      return undefined;
    }

    hover(panel, x, y, event) {
      const { connection: c, side, panels } = this.view;
      const ns = panel.timeAt(x);
      const row = nearest(c, panel, side, x, y);
      panels.pointer = { ns, panel, y };
      panels.overlay(c);
      this.hovered = row;
      this.tip.replaceChildren(...lines(c, panel, side, ns, row).map((text) => el("div", {}, text)));
      this.tip.classList.add("shown");
      const right = event.clientX + 18 + this.tip.offsetWidth > innerWidth;
      this.tip.style.left = `${Math.max(4, right ? event.clientX - 18 - this.tip.offsetWidth : event.clientX + 18)}px`;
      this.tip.style.top = `${Math.min(event.clientY + 14, innerHeight - this.tip.offsetHeight - 4)}px`;
    }

    leave() {
      this.tip.classList.remove("shown");
      this.view.panels.pointer = null;
      this.view.panels.overlay(this.view.connection);
    }

    down(panel, event) {
      if (event.button) return;
      panel.sheet.setPointerCapture(event.pointerId);
      this.fingers.set(event.pointerId, event.offsetX);
      if (this.fingers.size === 2) { this.drag = null; this.spread = this.distance(); return; }
      const touch = event.pointerType === "touch";
      const mode = event.shiftKey || (touch && this.view.mode === "zoom") ? "move" : this.view.mode;
      this.drag = { x: event.offsetX, y: event.offsetY, from: panel.timeAt(event.offsetX), mode, moved: false };
    }

    dragTo(panel, event) {
      const { drag, view } = this;
      const shift = event.offsetX - drag.x;
      if (!drag.moved && Math.abs(shift) < DRAG_LEAST) return;
      drag.moved = true;
      if (drag.mode === "move") {
        view.pan(-shift / panel.width);
        drag.x = event.offsetX;
        return;
      }
      view.panels.band = { from: drag.from, to: panel.timeAt(event.offsetX) };
      view.panels.overlay(view.connection);
    }

    up(panel, event) {
      const { drag, view } = this;
      this.fingers.delete(event.pointerId);
      this.drag = null;
      if (!drag) return;
      const { band } = view.panels;
      if (!drag.moved) this.click(panel, event);
      if (!drag.moved || !band) return;
      const [from, to] = [band.from, band.to].sort((one, other) => one - other);
      if (drag.mode === "measure") return view.measure(from, to);
      view.panels.band = null;
      view.zoom(from, to);
    }

    cancel(panel, event) {
      this.fingers.delete(event.pointerId);
      this.drag = null;
      this.view.panels.band = null;
    }

    click(panel, event) {
      const { connection: c, side } = this.view;
      const row = nearest(c, panel, side, event.offsetX, event.offsetY);
      if (row >= 0) this.view.select(row);
    }

    wheel(panel, event) {
      if (!event.ctrlKey && !event.altKey) return; // the page scrolls
      event.preventDefault();
      this.view.scale(event.deltaY < 0 ? 1 / WHEEL_STEP : WHEEL_STEP, panel.timeAt(event.offsetX));
    }

    distance() {
      const [one, other] = [...this.fingers.values()];
      return Math.max(Math.abs(one - other), 1);
    }

    pinch(panel) {
      const now = this.distance(), [one, other] = [...this.fingers.values()];
      this.view.scale(this.spread / now, panel.timeAt((one + other) / 2));
      this.spread = now;
    }
  }

  return { Pointer, nearest };
})();
