// The last segments as a sequence diagram between client and server, newest at the bottom.
tcpscope.ladder = (() => {
  const { el, svg } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const SHOWN = 9; // segments
  const WIDE = 460, NARROW = 366, STEP = 30, TOP = 34, LEFT = 80, BESIDE = 84; // pixels, but where it is scaled
  const WORSE = /retransmission|probe$|rst|invalid|out-of-order|duplicate/;

  function label(c, row) {
    const length = c.len[row] ? ` (${U.count(c.len[row])})` : "";
    const ack = !c.len[row] && !Number.isNaN(c.ack[row]) ? `ack ${c.shown(1 - c.sender[row], c.ack[row])}` : "";
    const sack = c.blocksOf(row).length ? " SACK" : "";
    const numbers = ack ? ack + sack : `seq ${c.shown(c.sender[row], c.seq[row])}${length}`;
    return `${tcpscope.words.flags(c.flags[row])} ${numbers}`;
  }

  class Ladder {
    constructor(onselect) {
      this.onselect = onselect;
      this.drawing = svg("svg", { class: "ladder", role: "img" });
      this.node = el("figure", {}, el("figcaption", {}, el("b", {}, "The last segments")), this.drawing);
    }

    show(c, row) {
      this.width = innerWidth < 640 ? NARROW : WIDE;
      this.right = this.width - BESIDE;
      this.drawing.setAttribute("viewBox", `0 0 ${this.width} ${TOP + STEP * SHOWN + 12}`);
      const first = Math.max(0, row - SHOWN + 1);
      const rows = Array.from({ length: row - first + 1 }, (_, at) => first + at);
      const bottom = TOP + STEP * SHOWN + 4;
      this.drawing.setAttribute("aria-label", rows.map((each) =>
        `${V.ends[c.sender[each]]}: ${label(c, each)}, ${V.kinds[c.kind[each]]}`).join("; "));
      this.drawing.replaceChildren(
        svg("defs", {}, svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8,
          markerHeight: 8, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8Z", class: "head",
            fill: "context-stroke" }))),
        svg("text", { x: LEFT, y: 14, "text-anchor": "middle", class: "end" }, "client"),
        svg("text", { x: this.right, y: 14, "text-anchor": "middle", class: "end" }, "server"),
        svg("path", { class: "life", d: `M${LEFT} 20V${bottom}M${this.right} 20V${bottom}` }),
        ...rows.map((each, at) => this.rung(c, each, TOP + STEP * at, each === row)));
    }

    rung(c, row, y, now) {
      const toServer = c.sender[row] === 0;
      const [from, to] = toServer ? [LEFT, this.right] : [this.right, LEFT];
      const kind = V.kinds[c.kind[row]];
      const group = svg("g", { class: `rung${now ? " now" : ""}${WORSE.test(kind) ? " worse" : ""}`,
        onclick: () => this.onselect(row) },
      svg("rect", { x: 0, y: y - 15, width: this.width, height: STEP, class: "row" }),
      svg("path", { d: `M${from} ${y}L${to} ${y + 9}`, "marker-end": "url(#tip)" }),
      svg("text", { x: (LEFT + this.right) / 2, y: y - 1, "text-anchor": "middle" }, label(c, row)),
      svg("text", { x: 2, y: y + 4, class: "when" }, row ? `+${U.span(c.time[row] - c.time[row - 1])}` : "0 s"),
      svg("text", { x: this.width - 2, y: y + 4, class: "what", "text-anchor": "end" }, short(kind)));
      return group;
    }
  }

  const SHORT = { "fast-retransmission": "again, fast", "recovery-retransmission": "again", "retransmission": "again",
    "rto-retransmission": "timeout", "slow-start-retransmission": "again", "syn-retransmission": "SYN again",
    "tail-loss-probe": "tail probe", "zero-window-probe": "0-window probe", "zero-window-probe-ack": "probe's ack",
    "network-duplicate": "copied", "window-update": "window" };
  const short = (kind) => SHORT[kind] || kind;

  return { Ladder };
})();
