// A chart over the time of the capture: one line, or steps stacked on each other, with axes that can be read.
tcpscope.chart = (() => {
  const { el, svg } = tcpscope.dom;
  const U = tcpscope.units;
  const { between, decimals } = tcpscope.ticks;
  const HEIGHT = 190, MARGIN = { left: 52, right: 14, top: 10, bottom: 26 };
  const LEAST_WIDE = 300; // pixels

  // `series`: {label, colour, values, line}: those without `line` are stacked. `each_ns` is what one value covers.
  function timeline({ title, series, from_ns, each_ns, span_ns, unit, limit }) {
    const node = el("figure", { class: "timeline" });
    let drawn = 0;
    const draw = () => node.replaceChildren(caption(title, series, limit, unit), picture(Math.max(drawn, LEAST_WIDE),
      { title, series, from_ns, each_ns, span_ns: Math.max(span_ns, each_ns), limit }));
    new ResizeObserver(() => {
      if (node.clientWidth === drawn) return;
      drawn = node.clientWidth;
      requestAnimationFrame(draw); // outside of the observer: drawing changes the height
    }).observe(node);
    return node;
  }

  function caption(title, series, limit, unit) {
    const keys = series.map((each) => el("span", { class: "band-key" },
      el("i", { class: each.line ? "stroke" : "", style: `background: var(--${each.colour})` }), each.label));
    if (limit) keys.push(el("span", { class: "band-key" }, el("i", { class: "stroke limit" }), limit.label));
    return el("figcaption", { class: "band-head" }, el("b", {}, title), ...keys,
      el("span", { class: "place" }, unit));
  }

  function picture(wide, { title, series, from_ns, each_ns, span_ns, limit }) {
    const stacked = series.filter((each) => !each.line), lines = series.filter((each) => each.line);
    const count = Math.max(1, ...series.map((each) => each.values.length));
    const sumAt = (at) => stacked.reduce((sum, each) => sum + (each.values[at] || 0), 0);
    const sums = Array.from({ length: count }, (_, at) => sumAt(at));
    const most = Math.max(1, ...sums, ...lines.flatMap((each) => each.values),
      limit && limit.value < 4 * Math.max(...sums, 1) ? limit.value : 0);
    const inner = { width: wide - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
    const x = (ns) => MARGIN.left + Math.min(Math.max(ns / span_ns, 0), 1) * inner.width;
    const y = (value) => MARGIN.top + inner.height * (1 - Math.min(value / (most * 1.05), 1));
    const place = (at) => x(from_ns + at * each_ns);
    const parts = [grid(most, span_ns, { x, y, wide })];
    const floor = new Array(count).fill(0);
    for (const each of stacked) {
      const top = floor.map((low, at) => low + (each.values[at] || 0));
      const back = floor.map((low, at) => `L${place(count - at)} ${y(floor[count - 1 - at])}`
        + `L${place(count - 1 - at)} ${y(floor[count - 1 - at])}`);
      parts.push(svg("path", { fill: `var(--${each.colour})`, d: `M${steps(top, place, y)}${back.join("")}Z` }));
      top.forEach((value, at) => { floor[at] = value; });
    }
    for (const each of lines) {
      const d = `M${steps(each.values, place, y)}`;
      parts.push(svg("path", { class: "line", stroke: `var(--${each.colour})`, d }));
    }
    if (limit && limit.value <= most * 1.05) {
      parts.push(svg("path", { class: "line limit", d: `M${MARGIN.left} ${y(limit.value)}H${wide - MARGIN.right}` }));
    }
    return svg("svg", { viewBox: `0 0 ${wide} ${HEIGHT}`, width: wide, height: HEIGHT, role: "img",
      "aria-label": `${title}: ${series.map((each) => `${each.label}, at most ${U.count(Math.max(0, ...each.values))}`)
        .join("; ")}` }, ...parts);
  }

  const steps = (values, place, y) => values.map((value, at) =>
    `${at ? "L" : ""}${place(at)} ${y(value)}L${place(at + 1)} ${y(value)}`).join("");

  function grid(most, span_ns, { x, y, wide }) {
    const bottom = HEIGHT - MARGIN.bottom;
    const across = between(0, most * 1.05, 4).filter(Number.isInteger);
    const along = between(0, span_ns / 1e9, wide / 120);
    const digits = decimals(along.length > 1 ? along[1] : 1);
    return svg("g", { class: "grid" },
      ...across.map((value) => svg("path", { d: `M${MARGIN.left} ${y(value)}H${wide - MARGIN.right}` })),
      ...across.map((value) => svg("text", { x: MARGIN.left - 7, y: y(value) + 4, "text-anchor": "end" },
        U.count(value))),
      ...along.map((value, at) => svg("text", { x: x(value * 1e9), y: bottom + 17,
        "text-anchor": at ? "middle" : "start" }, `${value.toFixed(digits)} s`)));
  }

  return { timeline };
})();
