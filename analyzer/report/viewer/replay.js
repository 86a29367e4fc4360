// The replay: a scrubber over all segments, and at the chosen one both ends, the window, the last segments, and why.
tcpscope.replay = (() => {
  const { el, button } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const SPEEDS = [["1 a second", 1000], ["4 a second", 250], ["15 a second", 66], ["60 a second", 16]];
  const REAL = [["real time", 1], ["10 times slower", 10], ["100 times slower", 100], ["10 times faster", 0.1]];
  const LONGEST_MS = 1500; // of a pause that is played; longer ones are cut
  const SHORTEST_MS = 16;

  class Replay {
    constructor(view) {
      this.view = view;
      this.machine = new tcpscope.machine.Machine();
      this.sliding = new tcpscope.sliding.Sliding();
      this.ladder = new tcpscope.ladder.Ladder((row) => view.select(row));
      this.story = el("p", { class: "story", "aria-live": "polite" });
      this.why = el("p", { class: "why" });
      this.moves = el("p", { class: "moves" });
      this.node = el("section", { class: "replay", "aria-label": "Replay" }, el("h2", {}, "Replay"), this.controls(),
        el("div", { class: "told" }, this.story, this.why, this.moves),
        el("div", { class: "scene" }, this.sliding.node,
          el("figure", {}, el("figcaption", {}, el("b", {}, "Both ends (RFC 9293)")), this.machine.node),
          this.ladder.node));
    }

    controls() {
      const { view } = this;
      this.scrubber = el("input", { type: "range", min: 0, max: Math.max(view.connection.count - 1, 0), value: 0,
        "aria-label": "Segment", oninput: () => view.select(+this.scrubber.value) });
      this.place = el("output", { class: "place" });
      this.player = button("▶ Play", "Play (R)", () => this.toggle(), { class: "play" });
      const option = ([name], at) => el("option", { value: at }, name);
      this.speed = el("select", { "aria-label": "Speed" },
        el("optgroup", { label: "segments" }, ...SPEEDS.map(option)),
        el("optgroup", { label: "time" }, ...REAL.map((entry, at) => option(entry, SPEEDS.length + at))));
      this.speed.value = "1";
      return el("div", { class: "controls" },
        button("|◀", "First segment (Home)", () => view.select(0)),
        button("‹", "One segment back (,)", () => this.step(-1)), this.player,
        button("›", "One segment on (.)", () => this.step(1)),
        button("▶|", "Last segment (End)", () => view.select(view.connection.count - 1)), this.speed,
        this.scrubber, this.place);
    }

    step(by) {
      const { selected, connection } = this.view;
      this.view.select(Math.min(Math.max(selected + by, 0), connection.count - 1));
    }

    toggle() {
      if (this.timer) this.stop();
      else { this.player.textContent = "⏸ Pause"; this.next(); }
    }

    stop() {
      clearTimeout(this.timer);
      this.timer = null;
      this.player.textContent = "▶ Play";
    }

    next() {
      const { selected, connection: c } = this.view;
      if (selected >= c.count - 1) return this.stop();
      this.timer = setTimeout(() => { this.step(1); if (this.timer) this.next(); }, this.pause(c, selected));
      return undefined;
    }

    // How long to wait before the segment after this one, in ms.
    pause(c, row) {
      const chosen = +this.speed.value;
      if (chosen < SPEEDS.length) return SPEEDS[chosen][1];
      const slower = REAL[chosen - SPEEDS.length][1];
      return Math.min(Math.max((c.time[row + 1] - c.time[row]) / 1e6 * slower, SHORTEST_MS), LONGEST_MS);
    }

    show(c, row, side) {
      this.scrubber.value = row;
      const place = `${U.count(row + 1)} of ${U.count(c.count)}`;
      this.place.textContent = `${place} · frame ${c.frame[row]} · ${c.clock(c.time[row], 0)}`;
      const now = c.states(row), before = row ? c.states(row - 1) : this.first(c, now);
      this.machine.show(now, before, row > 0);
      this.sliding.show(c, side, row);
      this.ladder.show(c, row);
      this.story.textContent = tcpscope.words.story(c, row);
      this.why.textContent = c.reason(row) ? `Why it is told so: ${c.reason(row)}.` : "";
      this.moves.textContent = V.ends.map((end, at) => this.move(end, now[at], before[at])).filter(Boolean).join(" ");
    }

    // Before the first segment an end that asks for a connection was closed.
    first(c, now) {
      return now.map((state) => (state === V.state["SYN-SENT"] ? V.state.CLOSED : state));
    }

    move(end, now, before) {
      if (Number.isNaN(now) || now === before) return "";
      const from = Number.isNaN(before) ? "" : `from ${V.states[before]} `;
      const found = V.moves.find(([was, , is]) => was === before && is === now);
      const on = found ? ` (${V.moves_on[found[1]]})` : "";
      return `The ${end} moved ${from}to ${V.states[now]}${on}.`;
    }
  }

  return { Replay };
})();
