// The page of one connection: everything on it, and what is chosen, which the address of the page keeps.
tcpscope.view = (() => {
  const { el, button, say } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const LEAST_NS = 1000; // of a view
  const MARGIN = 0.02; // of the time, around everything
  const MODES = [["zoom", "Zoom", "Dragging zooms (Z)"], ["move", "Move", "Dragging moves (Z, or Shift)"],
    ["measure", "Measure", "Dragging measures a span (B)"]];

  class View {
    constructor(connection, host, onchange) {
      Object.assign(this, { connection, onchange, side: connection.busiest, hidden: new Set(), selected: 0,
        mode: "zoom", crosshair: true, span: null });
      [this.from, this.to] = this.everything();
      this.panels = new tcpscope.panels.Panels((key) => this.toggle(key));
      this.inspector = new tcpscope.inspector.Inspector();
      this.replay = new tcpscope.replay.Replay(this);
      this.measured = el("div", {});
      this.events = tcpscope.tables.eventTable(connection, (event) => this.goTo(event));
      this.segments = tcpscope.tables.segmentTable(connection, (row) => this.select(row));
      host.replaceChildren(...this.build());
      this.pointer = new tcpscope.pointer.Pointer(this);
      this.resized = () => this.later();
      addEventListener("resize", this.resized);
    }

    close() {
      this.replay.stop();
      removeEventListener("resize", this.resized);
      this.pointer.tip.remove();
    }

    build() {
      const c = this.connection;
      const found = c.data.findings;
      const events = el("section", {}, el("h2", {}, "Events"), this.events.rows.length ? this.events.node
        : el("p", { class: "empty" }, "None."));
      const segments = el("section", {}, el("h2", {}, "Segments"), this.segments.node);
      this.parts = [["Drawings", this.panels.node], ["Replay", this.replay.node], ["Events", events],
        ["Segments", segments]];
      return [
        tcpscope.cards.title(c), el("p", { class: "verdict" }, U.bound(c.data.verdict)), tcpscope.cards.all(c),
        found.length ? el("ul", { class: "findings" }, ...found.map((each) => this.finding(each))) : null,
        this.tools(),
        el("div", { class: "drawings" }, this.panels.node, el("aside", {}, this.inspector.node, this.measured)),
        this.replay.node, events, segments, tcpscope.cards.directions(c),
      ].filter(Boolean);
    }

    finding(found) {
      const row = () => this.connection.rowOfFrame(found.first_frame);
      const show = () => {
        this.select(row(), true);
        this.panels.node.scrollIntoView({ block: "start" });
      };
      return tcpscope.cards.brief(found, found.first_frame ? button("Show", "Show where this is", show) : null);
    }

    tools() {
      this.turnKnob = button("", "The other direction (D)", () => this.turn(), { class: "turn" });
      this.modeKnobs = MODES.map(([mode, name, title]) =>
        button(name, title, () => this.setMode(mode), { "aria-pressed": String(mode === this.mode) }));
      return el("div", { class: "tools", role: "toolbar", "aria-label": "Drawings" }, this.turnKnob,
        el("span", { class: "group" }, ...this.modeKnobs),
        el("span", { class: "group" }, button("+", "Zoom in (+)", () => this.scale(1 / 1.5)),
          button("−", "Zoom out (-)", () => this.scale(1.5)),
          button("All", "Show everything (0)", () => this.reset())),
        el("span", { class: "group" }, button("◀ event", "Previous event (p)", () => this.toEvent(-1)),
          button("event ▶", "Next event (n)", () => this.toEvent(1))),
        button("PNG", "Save the drawings as a picture", () => tcpscope.picture.save(this)),
        button("?", "Keys (?)", tcpscope.keys.help));
    }

    everything() {
      const end = Math.max(this.connection.end_ns, LEAST_NS);
      return [-end * MARGIN, end * (1 + MARGIN)];
    }

    later() {
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => { this.waiting = null; this.draw(); });
    }

    draw() {
      const started = performance.now();
      const [from, to] = this.everything();
      const view = { from: this.from, to: this.to, end: this.connection.end_ns, hidden: this.hidden, side: this.side,
        selected: this.selected, crosshair: this.crosshair, origin_ns: this.connection.origin_ns,
        whole: this.from <= from && this.to >= to,
        events: tcpscope.tables.lined(this.connection) };
      this.turnKnob.textContent = `⇄ ${V.ends[this.side]} → ${V.ends[1 - this.side]}`;
      if (this.connection.count) this.panels.draw(this.connection, this.side, view);
      this.drawn_ms = performance.now() - started;
      this.onchange();
    }

    zoom(from, to) {
      const [least, most] = this.everything();
      const wide = Math.min(Math.max(to - from, LEAST_NS), most - least);
      this.from = Math.min(Math.max((from + to - wide) / 2, least), most - wide);
      this.to = this.from + wide;
      this.freeHeights();
      this.later();
    }

    scale(by, around) {
      const at = around === undefined ? this.focus() : around;
      this.zoom(at - (at - this.from) * by, at + (this.to - at) * by);
    }

    // Zooming by key keeps the chosen segment in place, where it is in view.
    focus() {
      const ns = this.connection.time[this.selected];
      return this.selected > 0 && ns >= this.from && ns <= this.to ? ns : (this.from + this.to) / 2;
    }

    pan(by) {
      const shift = (this.to - this.from) * by;
      this.zoom(this.from + shift, this.to + shift);
    }

    lift(by) {
      const panel = this.panels.byId("sequence");
      const [low, high] = panel.range, shift = (high - low) * by;
      panel.y = [low + shift, high + shift];
      this.later();
    }

    freeHeights() { for (const panel of this.panels.list) panel.y = null; }

    reset() { this.zoom(...this.everything()); }

    turn() {
      this.side = 1 - this.side;
      this.freeHeights();
      this.later();
      this.replay.show(this.connection, this.selected, this.side);
    }

    toggle(key) {
      if (!this.hidden.delete(key)) this.hidden.add(key);
      this.later();
    }

    toggleCrosshair() {
      this.crosshair = !this.crosshair;
      this.later();
    }

    toggleAbsolute() {
      const c = this.connection;
      if (c.data.directions.every((each) => U.unknown(each.isn))) return say("What they begin with is not known.");
      c.absolute = !c.absolute;
      say(`Sequence numbers ${c.absolute ? "as on the wire" : "relative to the first"}`);
      return this.retell();
    }

    toggleOrigin() {
      const c = this.connection;
      c.ofCapture = !c.ofCapture;
      say(`Times since the ${c.ofCapture ? "capture's first packet" : "connection's first segment"}`);
      this.retell();
    }

    // Draw and tell everything again, with other numbers.
    retell() {
      for (const table of [this.events, this.segments]) table.redraw();
      this.select(this.selected);
      this.later();
    }

    // Ask for a frame and go there.
    goToFrame() {
      const field = el("input", { type: "number", min: 1, step: 1, "aria-label": "Frame", value: "" });
      const go = () => {
        const frame = Number(field.value);
        if (frame > 0) this.select(this.connection.rowOfFrame(frame), true);
      };
      tcpscope.dom.ask("Go to frame", field, go);
    }

    // Bring a part of the page into sight: a panel, or the replay.
    toPanel(number) {
      const nodes = [...this.panels.list.map((panel) => panel.node), this.replay.node];
      nodes[number - 1].scrollIntoView({ block: "start" });
    }

    setMode(mode) {
      this.mode = mode;
      MODES.forEach(([name], at) => { this.modeKnobs[at].setAttribute("aria-pressed", String(name === mode)); });
    }

    // Choose a segment; `near` also zooms to where it can be told from its neighbours.
    select(row, near) {
      if (!(row >= 0)) return;
      this.selected = row;
      const ns = this.connection.time[row], half = (this.to - this.from) / 2;
      if (near) this.zoomNear(ns, row);
      else if (ns < this.from || ns > this.to) this.zoom(ns - half, ns + half);
      this.inspector.show(this.connection, row);
      this.replay.show(this.connection, row, this.side);
      this.segments.show(row);
      if (this.panels.view) {
        this.panels.view.selected = row;
        this.panels.overlay(this.connection);
      }
      this.onchange();
    }

    // Some sixty segments around, or what is there of them.
    zoomNear(ns, row) {
      const c = this.connection, around = 30;
      const from = c.time[Math.max(row - around, 0)], to = c.time[Math.min(row + around, c.count - 1)];
      const half = Math.max(ns - from, to - ns, LEAST_NS * 10);
      this.zoom(ns - half, ns + half);
    }

    goTo(event) {
      const row = this.connection.rowOfFrame(event.frame);
      this.select(row, true);
      say(`${event.name} ${event.detail}`);
    }

    toEvent(way) {
      const events = tcpscope.tables.lined(this.connection);
      const now = this.connection.time[this.selected], frame = this.connection.frame[this.selected];
      const later = (event) => event.t > now || (event.t === now && event.frame > frame);
      const earlier = (event) => event.t < now || (event.t === now && event.frame < frame);
      const found = way > 0 ? events.find(later) : events.findLast(earlier);
      if (found) this.goTo(found);
      else say(way > 0 ? "There is no later event." : "There is no earlier event.");
    }

    measure(from, to) {
      this.span = [from, to];
      this.panels.band = { from, to };
      this.measured.replaceChildren(tcpscope.brush.table(this.connection, from, to,
        () => { this.forget(); this.zoom(from, to); }, () => this.forget()));
      this.panels.overlay(this.connection);
      this.onchange();
    }

    forget() {
      this.span = null;
      this.panels.band = null;
      this.measured.replaceChildren();
      this.replay.stop();
      this.later();
    }

    // What the address keeps, and how it comes back.
    get address() {
      const [from, to] = this.everything();
      const kept = [["flow", this.connection.number], ["dir", V.ends[this.side]]];
      if (this.from > from || this.to < to) kept.push(["t", `${Math.round(this.from)}~${Math.round(this.to)}`]);
      if (this.selected) kept.push(["frame", this.connection.frame[this.selected]]);
      if (this.hidden.size) kept.push(["hide", [...this.hidden].join("~")]);
      if (this.connection.absolute) kept.push(["seq", "wire"]);
      if (this.connection.ofCapture) kept.push(["since", "capture"]);
      if (this.span) kept.push(["span", this.span.map(Math.round).join("~")]);
      return kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    }

    recall(kept) {
      const side = V.ends.indexOf(kept.get("dir"));
      if (side >= 0) this.side = side;
      this.connection.absolute = kept.get("seq") === "wire";
      this.connection.ofCapture = kept.get("since") === "capture";
      this.hidden = new Set((kept.get("hide") || "").split("~").filter(Boolean));
      const pair = (name) => (kept.get(name) || "").split("~").map(Number).filter(Number.isFinite);
      const [from, to] = pair("t");
      if (to > from && kept.get("t")) this.zoom(from, to);
      const frame = Number(kept.get("frame"));
      this.select(frame ? this.connection.rowOfFrame(frame) : 0, Boolean(frame) && !kept.get("t"));
      const span = kept.get("span") ? pair("span") : [];
      this.draw();
      if (span.length === 2) this.measure(...span);
    }
  }

  return { View };
})();
