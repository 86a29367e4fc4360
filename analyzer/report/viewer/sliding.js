// The sender's window as a bar that slides along the bytes: acknowledged, in flight, reported by SACK, lost, sendable,
// not yet allowed.
tcpscope.sliding = (() => {
  const { el, svg } = tcpscope.dom;
  const U = tcpscope.units;
  const TOP = 22, HEIGHT = 28, BELOW = 22; // pixels, as on the page
  const MOST_BLOCKS = 2000, MOST_RANGES = 200; // looked back at; drawn
  const PARTS = [
    ["acknowledged", "acknowledged"], ["flying", "in flight"], ["sacked", "arrived beyond a hole (SACK)"],
    ["lost", "in flight, sent again later"], ["sendable", "may be sent now"],
    ["held", "allowed by the receiver, not by cwnd"], ["beyond", "not yet allowed"],
  ];

  // The ranges that are sent again after `row` and were outstanding at it: what turned out to be lost.
  function lost(c, side, row, una, nxt) {
    const made = [];
    for (const mark of tcpscope.marks.of(c, side)) {
      if (!mark.key.endsWith("retransmission") && mark.key !== "tail-loss-probe") continue;
      const first = tcpscope.connection.lower(mark.t, c.time[row]);
      for (let at = first; at < mark.rows.length && made.length < 200; at++) {
        const again = mark.rows[at];
        if (again <= row || c.seq[again] >= nxt || c.endOf(again) <= una) continue;
        made.push([Math.max(c.seq[again], una), Math.min(c.endOf(again), nxt)]);
      }
    }
    return made;
  }

  // The ranges that SACK blocks up to `row` reported beyond what is acknowledged.
  function sacked(c, side, row, una, nxt) {
    const { rows, low, high, twice } = c.reported(side);
    const made = [];
    const last = tcpscope.connection.lower(rows, row + 1) - 1;
    for (let at = last; at >= 0 && last - at < MOST_BLOCKS && made.length < MOST_RANGES; at--) {
      if (twice[at] || high[at] <= una) continue;
      if (made.some(([from, to]) => from <= low[at] && high[at] <= to)) continue;
      made.push([Math.max(low[at], una), Math.min(high[at], nxt)]);
    }
    return made;
  }

  // Where each part begins and ends, in bytes.
  function parts(c, side, row) {
    const pointers = c.pointers(side);
    const una = pointers.una[row], nxt = Math.max(pointers.nxt[row], una);
    const at = c.windowRow(side, c.time[row]);
    const window = (name) => (at < 0 ? NaN : c.windowSeries(side, name).v[at]);
    const edge = pointers.edge[row], cwnd = window("cwnd");
    const allowed = Number.isNaN(cwnd) ? edge : Math.min(edge, Math.max(una + cwnd, nxt));
    return { una, nxt, edge, cwnd, allowed, lost: lost(c, side, row, una, nxt),
      sacked: sacked(c, side, row, una, nxt) };
  }

  // How many bytes the bar shows: a round number above what is needed, so that it does not jump at every step.
  function scope(p) {
    const needed = Math.max(p.nxt - p.una, Number.isNaN(p.allowed) ? 0 : p.allowed - p.una, 1000) * 1.25;
    const flight = Math.max(p.nxt - p.una, 1000) * 6;
    const power = 2 ** Math.ceil(Math.log2(Math.min(needed, Math.max(flight, Number.isNaN(p.cwnd) ? 0 : p.cwnd * 2))));
    return { from: p.una - power / 5, to: p.una + power };
  }

  class Sliding {
    constructor() {
      this.drawing = svg("svg", { class: "sliding", role: "img" });
      this.words = el("p", { class: "figures" });
      const keys = PARTS.map(([name, words]) => el("span", { class: "key" }, el("i", { class: name }), words));
      this.caption = el("b", {});
      this.node = el("figure", {}, el("figcaption", {}, this.caption), this.drawing, this.words,
        el("div", { class: "keys" }, ...keys));
    }

    show(c, side, row) {
      this.caption.textContent = `The window of the ${tcpscope.vocabulary.ends[side]}`;
      const p = parts(c, side, row);
      if (Number.isNaN(p.una) || Number.isNaN(p.nxt)) {
        this.drawing.replaceChildren();
        this.words.textContent = "It has sent nothing yet.";
        return;
      }
      const seen = scope(p), width = Math.max(this.drawing.clientWidth || this.node.clientWidth, 200);
      this.width = width;
      this.drawing.setAttribute("viewBox", `0 0 ${width} ${TOP + HEIGHT + BELOW}`);
      const x = (bytes) => Math.min(Math.max((bytes - seen.from) / (seen.to - seen.from), 0), 1) * width;
      const piece = (name, from, to) => (to > from ? svg("rect", { class: name, x: x(from), y: TOP,
        width: Math.max(x(to) - x(from), 0.5), height: HEIGHT }) : null);
      const edge = Number.isNaN(p.edge) ? p.nxt : Math.max(p.edge, p.nxt);
      const allowed = Number.isNaN(p.allowed) ? p.nxt : Math.max(p.allowed, p.nxt);
      this.drawing.replaceChildren(...[
        piece("acknowledged", seen.from, p.una), piece("flying", p.una, p.nxt),
        ...p.lost.map(([from, to]) => piece("lost", from, to)),
        ...p.sacked.map(([from, to]) => piece("sacked", from, to)),
        piece("sendable", p.nxt, allowed), piece("held", allowed, edge), piece("beyond", edge, seen.to),
        this.post(x(p.una), `acknowledged ${U.count(p.una)}`, "una", false),
        this.post(x(p.nxt), `sent ${U.count(p.nxt)}`, "nxt", true),
      ].filter(Boolean));
      this.words.textContent = this.told(p);
      this.drawing.setAttribute("aria-label", this.words.textContent);
    }

    post(x, text, name, below) {
      const anchor = x > this.width * 0.7 ? "end" : "start";
      return svg("g", { class: `post ${name}` }, svg("line", { x1: x, x2: x, y1: TOP - 6, y2: TOP + HEIGHT + 6 }),
        svg("text", { x: x + (anchor === "end" ? -4 : 4), y: below ? TOP + HEIGHT + 16 : TOP - 8,
          "text-anchor": anchor }, text));
    }

    told(p) {
      const flight = p.nxt - p.una;
      const offered = Number.isNaN(p.edge) ? "unknown" : U.size(Math.max(p.edge - p.una, 0));
      const cwnd = Number.isNaN(p.cwnd) ? "not measured" : `about ${U.size(p.cwnd)}`;
      const more = Number.isNaN(p.allowed) ? "" : `; ${U.size(Math.max(p.allowed - p.nxt, 0))} more may be sent`;
      return `${U.size(flight)} in flight, ${offered} offered by the receiver, congestion window ${cwnd}${more}.`;
    }
  }

  return { Sliding, parts };
})();
