// The servers of the capture: how many connections each had, how they went, and how many were open at each time.
tcpscope.listeners = (() => {
  const { el, svg } = tcpscope.dom;
  const U = tcpscope.units;
  const { VirtualTable } = tcpscope.table;
  const { NAMES } = tcpscope.overview;
  const CHART = { width: 160, height: 22, bins: 80 };

  function gather(overview) {
    const f = overview.flow, all = new Map();
    for (let row = 0; row < overview.table.rows; row++) {
      const name = overview.end(row, "server");
      if (!all.has(name)) {
        all.set(name, { name, rows: [], clients: new Set(), refused: 0, half: 0, resets: 0, bytes: 0, resent: 0,
          segments: 0 });
      }
      const one = all.get(name), opening = NAMES.openings[f.opening(row)];
      one.rows.push(row);
      one.clients.add(f.client(row));
      one.refused += opening === "refused";
      one.half += opening === "half-open";
      one.resets += NAMES.closings[f.closing(row)] === "rst" && opening !== "refused";
      one.bytes += f.bytes(row);
      one.resent += f.retransmissions(row);
      one.segments += f.segments(row);
    }
    return [...all.values()];
  }

  // How many of the connections are there in each part of the capture's time.
  function open(overview, listener) {
    const span = Math.max(overview.data.capture.span_ns, 1), f = overview.flow;
    const changes = new Int32Array(CHART.bins + 1);
    for (const row of listener.rows) {
      const from = f.first_time_ns(row), bin = (ns) => Math.min(Math.floor(ns / span * CHART.bins), CHART.bins - 1);
      changes[bin(from)]++;
      changes[bin(from + f.duration_ns(row)) + 1]--;
    }
    let now = 0;
    return Array.from(changes.subarray(0, CHART.bins), (change) => (now += change));
  }

  function chart(counts) {
    const { width, height, bins } = CHART;
    const most = Math.max(...counts, 1), step = width / bins;
    const points = counts.map((count, bin) => {
      const y = height - 1 - count / most * (height - 3);
      return `L${bin * step} ${y}L${(bin + 1) * step} ${y}`;
    });
    return svg("svg", { class: "spark open", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      svg("path", { d: `M0 ${height - 1}${points.join("")}L${width} ${height - 1}Z` }));
  }

  function section(overview) {
    const all = gather(overview);
    if (!all.length) return null;
    for (const one of all) {
      one.open = open(overview, one);
      one.peak = Math.max(...one.open);
    }
    const number = (key, title, told = U.count, help) => ({ key, title, help, number: true,
      value: (row) => all[row][key], cell: (row) => told(all[row][key]) });
    const bad = (value) => (value ? el("b", { class: "bad" }, U.count(value)) : "0");
    const table = new VirtualTable({ label: "Listeners", rows: all.length, sort: "connections",
      descending: true, onrow: (row) => choose(all[row].name), columns: [
        { key: "name", title: "listener", value: (row) => all[row].name, cell: (row) => all[row].name },
        { key: "connections", title: "connections", number: true, value: (row) => all[row].rows.length,
          cell: (row) => U.count(all[row].rows.length) },
        { key: "clients", title: "clients", number: true, value: (row) => all[row].clients.size,
          cell: (row) => U.count(all[row].clients.size) },
        { key: "peak", title: "open at once", number: true, help: "At most, in one eightieth of the time",
          value: (row) => all[row].peak, cell: (row) => U.count(all[row].peak) },
        { key: "open", title: "open over the time", cell: (row) => chart(all[row].open) },
        number("refused", "refused", bad), number("half", "half-open", bad), number("resets", "reset", bad),
        number("bytes", "payload", U.size), number("resent", "sent again", bad),
      ] });
    const tally = el("span", { class: "tally" }, U.count(all.length));
    return el("section", {}, el("h2", {}, "Listeners ", tally), table.node);
  }

  // A listener's connections are those that name it.
  function choose(name) {
    const field = document.querySelector("input[type=search]");
    field.value = name;
    field.dispatchEvent(new Event("input"));
    field.scrollIntoView({ block: "center" });
  }

  return { section };
})();
