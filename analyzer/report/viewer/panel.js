// One drawing with its heading, its legend to switch parts off, and a sheet above it for the pointer.
tcpscope.panel = (() => {
  const { el, svg } = tcpscope.dom;
  const { colour } = tcpscope.theme;
  const MARGIN = { top: 6, right: 14, bottom: 8, axis: 26 };
  const CONFIG = { staticPlot: true, displayModeBar: false, displaylogo: false, showSendToCloud: false,
    plotlyServerURL: "", responsive: false };
  const left = () => (innerWidth < 640 ? 56 : 76);

  class Panel {
    constructor(spec, height, last, onhide) {
      Object.assign(this, { spec, height, last, onhide, y: null });
      this.heading = el("h3", {});
      this.legend = el("div", { class: "legend" });
      this.plot = el("div", { class: "plot", role: "img" });
      this.sheet = el("canvas", { class: "sheet", "aria-hidden": "true" });
      this.note = el("p", { class: "empty" });
      this.total = height + (last ? MARGIN.axis - MARGIN.bottom : 0);
      this.stage = el("div", { class: "stage", style: `height: ${this.total}px` }, this.plot, this.sheet, this.note);
      this.node = el("section", { class: `panel ${spec.id}` },
        el("div", { class: "panel-head" }, this.heading, this.legend), this.stage);
    }

    get margin() {
      return { l: left(), r: MARGIN.right, t: MARGIN.top, b: this.last ? MARGIN.axis : MARGIN.bottom };
    }

    // The size of the drawing without its margins, in pixels.
    measure() {
      const { l, r, t, b } = this.margin;
      this.outer = this.stage.clientWidth;
      this.width = Math.max(this.outer - l - r, 40);
      this.inner = this.height + (this.last ? MARGIN.axis - MARGIN.bottom : 0) - t - b;
      return this.width;
    }

    draw(c, side, view) {
      this.heading.textContent = this.spec.title(side);
      const seen = { ...view, width: this.width, height: this.inner, y: this.y };
      const made = this.spec.build(c, side, seen);
      this.range = made.range;
      this.view = view;
      this.plot.setAttribute("aria-label", `${this.spec.title(side)}; its figures are in the tables below`);
      this.note.textContent = made.empty || "";
      this.drawLegend(c, side, view);
      Plotly.react(this.plot, made.traces, this.layout(made, view), CONFIG);
    }

    layout(made, view) {
      const { l, r, t, b } = this.margin;
      const axis = { color: colour("ink-2"), gridcolor: colour("grid"), zeroline: false, fixedrange: true,
        tickfont: { size: 11 }, linecolor: colour("line"), automargin: false };
      return {
        autosize: false, width: l + this.width + r, height: t + this.inner + b, margin: { l, r, t, b, pad: 0 },
        showlegend: false, hovermode: false, dragmode: false, paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: colour("plot"), font: { family: "system-ui, sans-serif", color: colour("ink-2") },
        shapes: made.shapes || [],
        xaxis: { ...axis, range: [view.from / 1e9, view.to / 1e9], showticklabels: this.last, ...this.times(view) },
        yaxis: { ...axis, range: made.range, nticks: Math.max(3, Math.floor(this.inner / 40)), ...made.format },
      };
    }

    // Round times, as they are shown: since the connection's first segment, or the capture's first packet.
    times({ from, to, origin_ns }) {
      const [low, high] = [from + origin_ns, to + origin_ns].map((ns) => ns / 1e9);
      const shown = tcpscope.ticks.between(low, high, this.width / 110);
      const digits = tcpscope.ticks.decimals(shown.length > 1 ? shown[1] - shown[0] : 1);
      return { tickmode: "array", tickvals: shown.map((value) => value - origin_ns / 1e9),
        ticktext: shown.map((value) => `${value.toFixed(digits)} s`) };
    }

    drawLegend(c, side, view) {
      const entries = this.spec.legend(c, side);
      const text = JSON.stringify([entries, [...view.hidden]]);
      if (text === this.legendText) return;
      this.legendText = text;
      this.legend.replaceChildren(...entries.map((entry) => {
        const shown = !view.hidden.has(entry.key);
        const times = entry.count ? ` ${tcpscope.units.count(entry.count)}` : "";
        return el("button", { type: "button", class: "chip", "aria-pressed": String(shown), "data-key": entry.key,
          title: [entry.title, shown ? "Hide" : "Show"].filter(Boolean).join(". "),
          onclick: () => this.onhide(entry.key) },
        glyph(entry), el("span", {}, entry.label), times ? el("b", {}, times) : null);
      }));
    }

    // From and to pixels of the sheet.
    timeAt(px) { return this.view.from + (px - this.margin.l) / this.width * (this.view.to - this.view.from); }
    valueAt(py) { return this.range[1] - (py - this.margin.t) / this.inner * (this.range[1] - this.range[0]); }
    pixelOf(ns) { return this.margin.l + (ns - this.view.from) / (this.view.to - this.view.from) * this.width; }
    heightOf(value) {
      return this.margin.t + (this.range[1] - value) / (this.range[1] - this.range[0]) * this.inner;
    }

    // A clean sheet to draw on; pixels are those of the page.
    pen() {
      const ratio = devicePixelRatio || 1;
      const { outer: width, total: height } = this;
      if (this.sheet.width !== Math.round(width * ratio) || this.sheet.height !== Math.round(height * ratio)) {
        this.sheet.width = Math.round(width * ratio);
        this.sheet.height = Math.round(height * ratio);
      }
      const pen = this.sheet.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
      return pen;
    }
  }

  // The same shapes as in the drawing, small.
  const SHAPES = {
    bar: "M8 2V14", line: "M1 8H15", dash: "M1 8H6M10 8H15", dot: "M2 8H4M7 8H9M12 8H14", point: "M6 8H10",
    "triangle-up": "M8 2L14 13H2Z", "triangle-down": "M8 14L2 3H14Z",
    x: "M3 5L5 3L8 6L11 3L13 5L10 8L13 11L11 13L8 10L5 13L3 11L6 8Z",
    diamond: "M8 1L15 8L8 15L1 8Z", square: "M3 3H13V13H3Z", circle: "M8 3A5 5 0 1 1 7.9 3Z", band: "M1 4H15V12H1Z",
    star: "M8 1L10 6L15 6L11 9.500L13 15L8 11.500L3 15L5 9.500L1 6L6 6Z", "hexagon-open": "M5 3H11L14 8L11 13H5L2 8Z",
    "square-open": "M3 3H13V13H3Z", hourglass: "M3 2H13L3 14H13Z", bowtie: "M2 3L14 13V3L2 13Z",
    cross: "M6 2H10V6H14V10H10V14H6V10H2V6H6Z", "line-ew-open": "M3 8H13", "x-thin-open": "M3 3L13 13M13 3L3 13",
    "asterisk-open": "M8 2V14M2 8H14M4 4L12 12M12 4L4 12", "circle-open": "M8 2A6 6 0 1 1 7.900 2Z",
  };
  const STROKED = new Set(["bar", "line", "dash", "dot", "point"]);

  function glyph(entry) {
    const open = entry.glyph.endsWith("open") || STROKED.has(entry.glyph);
    const paint = colourOf(entry.colour);
    return svg("svg", { class: "glyph", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", {
      d: SHAPES[entry.glyph], fill: open ? "none" : paint, stroke: open ? paint : "none",
      "stroke-width": entry.glyph === "point" ? 4 : 2, "fill-opacity": entry.glyph === "band" ? 0.3 : 1,
    }));
  }

  const colourOf = (name) => `var(--${name})`;

  return { Panel, left, MARGIN };
})();
