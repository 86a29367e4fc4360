// Two strips above the panels, on the same axis: what held the sender back, and its congestion phase.
tcpscope.bands = (() => {
  const { el } = tcpscope.dom;
  const { colour } = tcpscope.theme;
  const { left, MARGIN } = tcpscope.panel;
  const V = tcpscope.vocabulary;
  const HEIGHT = 18; // pixels of one strip
  const LABEL_LEAST = 54; // pixels that a span must have for its name to be written into it
  const LEAST_SHARE = 0.001; // of the time in view; less is not worth a word
  const LIMIT_WORDS = { cwnd: "congestion window", rwnd: "receiver's window", application: "application",
    nagle: "Nagle", recovery: "loss recovery", pacing: "pacing" };
  const STRIPS = [
    { name: "limit", title: "Held back by", names: V.limits, words: (name) => LIMIT_WORDS[name], back: true,
      missing: "what held the sender back" },
    { name: "phase", title: "Phase", names: V.phases, words: (name) => name.replace("-", " "), back: false,
      missing: "its congestion phases" },
  ];

  class Bands {
    constructor() {
      this.node = el("div", { class: "bands" });
    }

    draw(c, side, view) {
      const known = (strip) => c.windowSeries(side, strip.name).known;
      this.node.replaceChildren(...STRIPS.filter(known).map((strip) => this.strip(strip, c, side, view)));
      const missing = STRIPS.filter((strip) => !known(strip)).map((strip) => strip.missing);
      if (missing.length) {
        this.node.append(el("p", { class: "empty" }, `Not measured in this direction: ${missing.join(", and ")}.`));
      }
    }

    strip(strip, c, side, view) {
      const canvas = el("canvas", { class: "strip", role: "img" });
      const spans = tcpscope.windows.spans(c.windowSeries(side, strip.name), view, strip.back);
      const shares = this.shares(spans, view, strip);
      canvas.setAttribute("aria-label", `${strip.title}: ${shares.map((each) => each.text).join(", ")}`);
      requestAnimationFrame(() => this.paint(canvas, spans, view, strip));
      const keys = shares.map((each) => el("span", { class: "band-key" },
        el("i", { style: `background: var(--${strip.name}-${each.name})` }), each.text));
      return el("div", { class: "band" }, el("div", { class: "band-head" }, el("b", {}, strip.title), ...keys), canvas);
    }

    // How much of the time in view each value has.
    shares(spans, view, strip) {
      const sums = new Map();
      for (const span of spans) {
        const part = Math.min(span.to, view.to) - Math.max(span.from, view.from);
        if (part > 0) sums.set(span.value, (sums.get(span.value) || 0) + part);
      }
      return [...sums].filter(([, ns]) => ns >= LEAST_SHARE * (view.to - view.from))
        .sort((one, other) => other[1] - one[1]).map(([value, ns]) => {
        const name = strip.names[value];
        return { name, text: `${strip.words(name)} ${tcpscope.units.percent(ns / (view.to - view.from))}` };
      });
    }

    paint(canvas, spans, view, strip) {
      const ratio = devicePixelRatio || 1, width = canvas.clientWidth;
      canvas.width = width * ratio;
      canvas.height = HEIGHT * ratio;
      const pen = canvas.getContext("2d");
      pen.scale(ratio, ratio);
      const inner = width - left() - MARGIN.right;
      const place = (ns) => left() + Math.min(Math.max((ns - view.from) / (view.to - view.from), 0), 1) * inner;
      pen.fillStyle = colour("plot");
      pen.fillRect(left(), 0, inner, HEIGHT);
      pen.font = "11px system-ui, sans-serif";
      pen.textBaseline = "middle";
      for (const span of spans) {
        const from = place(span.from), wide = Math.max(place(span.to) - from, 0.5);
        const name = strip.names[span.value];
        pen.fillStyle = colour(`${strip.name}-${name}`);
        pen.fillRect(from, 0, wide, HEIGHT);
        if (wide < LABEL_LEAST) continue;
        pen.fillStyle = colour("band-ink");
        pen.fillText(strip.words(name), from + 5, HEIGHT / 2 + 1, wide - 8);
      }
    }
  }

  return { Bands };
})();
