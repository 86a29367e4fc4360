// The four panels on one time axis, with the strips above them, and what is drawn over all of them: crosshair, choice.
tcpscope.panels = (() => {
  const { el } = tcpscope.dom;
  const { Panel } = tcpscope.panel;
  const { colour } = tcpscope.theme;
  const SPECS = [tcpscope.sequence, tcpscope.windows, tcpscope.roundTrips, tcpscope.rates];
  const LEAST_HEIGHT = 110; // pixels of a panel
  const MOST_LINES = 40; // of events in view; more would hide what is drawn, and are short ticks at the top
  const TICK = 7; // pixels

  class Panels {
    constructor(onhide) {
      const total = Math.min(Math.max(innerHeight * 1.05, 620), 1000);
      this.bands = new tcpscope.bands.Bands();
      this.list = SPECS.map((spec, at) => new Panel(
        spec, Math.max(total * spec.weight / 100, LEAST_HEIGHT), at === SPECS.length - 1, onhide));
      this.node = el("div", { class: "panels" }, this.bands.node, ...this.list.map((panel) => panel.node));
      this.pointer = null;
      this.band = null;
    }

    draw(c, side, view) {
      this.view = view;
      const [width] = this.list.map((panel) => panel.measure()); // all before one of them changes the page
      const seen = { ...view, width };
      this.bands.draw(c, side, seen);
      for (const panel of this.list) panel.draw(c, side, seen);
      this.overlay(c);
    }

    byId(id) { return this.list.find((panel) => panel.spec.id === id); }

    // Lines of events, the chosen segment, the crosshair and the span that is being drawn.
    overlay(c) {
      for (const panel of this.list) {
        if (!panel.view) continue;
        const pen = panel.pen(), bottom = panel.margin.t + panel.inner;
        this.eventLines(panel, pen, bottom);
        if (this.band) this.drawBand(panel, pen, bottom);
        if (this.view.selected > 0) this.drawSelected(c, panel, pen, bottom);
        if (this.pointer && this.view.crosshair) this.drawCrosshair(panel, pen, bottom);
      }
    }

    eventLines(panel, pen, bottom) {
      pen.strokeStyle = colour("event-line");
      pen.setLineDash([2, 4]);
      pen.lineWidth = 1;
      pen.beginPath();
      const events = this.view.events.filter((event) => event.t >= this.view.from && event.t <= this.view.to);
      const few = events.length <= MOST_LINES;
      if (!few) pen.setLineDash([]);
      for (const x of new Set(events.map((event) => Math.round(panel.pixelOf(event.t)) + 0.5))) {
        pen.moveTo(x, panel.margin.t);
        pen.lineTo(x, few ? bottom : panel.margin.t + TICK);
      }
      pen.stroke();
      pen.setLineDash([]);
      if (few && panel === this.list[0]) this.eventNames(events, panel, pen);
    }

    // Names only where they do not stand on each other.
    eventNames(events, panel, pen) {
      pen.font = "11px system-ui, sans-serif";
      pen.fillStyle = colour("ink-2");
      let free = -Infinity;
      for (const event of events) {
        const x = panel.pixelOf(event.t) + 4, wide = pen.measureText(event.name).width;
        if (x < free || x + wide > panel.margin.l + panel.width) continue;
        pen.fillText(event.name, x, panel.margin.t + 11);
        free = x + wide + 8;
      }
    }

    drawBand(panel, pen, bottom) {
      const from = panel.pixelOf(this.band.from), to = panel.pixelOf(this.band.to);
      pen.fillStyle = colour("brush");
      pen.fillRect(Math.min(from, to), panel.margin.t, Math.abs(to - from), bottom - panel.margin.t);
    }

    drawSelected(c, panel, pen, bottom) {
      const row = this.view.selected, ns = c.time[row];
      if (ns < this.view.from || ns > this.view.to) return;
      const x = panel.pixelOf(ns);
      pen.strokeStyle = colour("select");
      pen.lineWidth = 1.5;
      pen.beginPath();
      pen.moveTo(x, panel.margin.t);
      pen.lineTo(x, bottom);
      pen.stroke();
      if (panel.spec.id !== "sequence") return;
      const mine = c.sender[row] === this.view.side;
      const value = mine ? (c.seq[row] + c.endOf(row)) / 2 : c.ack[row];
      pen.beginPath();
      pen.arc(x, panel.heightOf(value), 8, 0, 7);
      pen.stroke();
    }

    drawCrosshair(panel, pen, bottom) {
      const x = panel.pixelOf(this.pointer.ns);
      if (x < panel.margin.l || x > panel.margin.l + panel.width) return;
      pen.strokeStyle = colour("crosshair");
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x, panel.margin.t);
      pen.lineTo(x, bottom);
      if (this.pointer.panel === panel) {
        pen.moveTo(panel.margin.l, this.pointer.y);
        pen.lineTo(panel.margin.l + panel.width, this.pointer.y);
      }
      pen.stroke();
    }
  }

  return { Panels };
})();
