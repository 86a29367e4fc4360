// The servers of the capture: how many connections each had, how they went, and how many were open at each time.
tcpscope.listeners = (() => {
  const { el, svg } = tcpscope.dom;
  const U = tcpscope.units;
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
    return Array.from(changes.subarray(0, CHART.bins), (change) => {
      now += change;
      return now;
    });
  }

  function spark(counts) {
    const { width, height, bins } = CHART;
    const most = Math.max(...counts, 1), step = width / bins;
    const points = counts.map((count, bin) => {
      const y = height - 1 - count / most * (height - 3);
      return `L${bin * step} ${y}L${(bin + 1) * step} ${y}`;
    });
    return svg("svg", { class: "spark open", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
      svg("path", { d: `M0 ${height - 1}${points.join("")}L${width} ${height - 1}Z` }));
  }

  // What the capture's listeners were told to be, by the name that the table of connections has for them.
  function accounts(overview) {
    return new Map(overview.data.ends.listeners.map((each) => [tcpscope.cards.address(each.address, each.port), each]));
  }

  function columns(all) {
    const number = (key, title, told = U.count, help) => ({ key, title, help, number: true,
      value: (row) => all[row][key], cell: (row) => told(all[row][key]) });
    const bad = (value) => (value ? el("b", { class: "bad" }, U.count(value)) : "0");
    const perSecond = (value) => (U.unknown(value) ? U.NOTHING : U.figures(value));
    return [
      { key: "name", title: "listener", value: (row) => all[row].name, cell: (row) => all[row].name },
      number("connections", "connections"), number("clients", "clients"),
      number("peak", "open at once", U.count, "At most, in one eightieth of the time"),
      { key: "open", title: "open over the time", cell: (row) => spark(all[row].open) },
      number("rate", "SYN/s, most", perSecond, "The most new connections in a second"),
      number("refused", "refused", bad), number("half", "half-open", bad), number("resets", "reset", bad),
      { key: "cookies", title: "SYN cookies", value: (row) => all[row].cookies, cell: (row) => all[row].cookies },
      number("bytes", "payload", U.size), number("resent", "sent again", bad),
    ];
  }

  // New connections by how they began, and how many were open, over the time of the capture.
  function charts(overview, one) {
    const span_ns = overview.data.capture.span_ns, account = one.account;
    const made = [tcpscope.chart.timeline({ title: `Open connections of ${one.name}`, from_ns: 0, span_ns,
      each_ns: Math.max(span_ns, 1) / CHART.bins, series: [
        { label: "open at the same time, at most", colour: "data-area", values: one.open }] })];
    if (!account) return made;
    const { arrived, completed, refused, bucket_s } = account.over_time;
    const other = arrived.map((count, at) => Math.max(count - (completed[at] || 0) - (refused[at] || 0), 0));
    const each = `new connections in each ${U.span(bucket_s * 1e9)}`;
    return [tcpscope.chart.timeline({ title: `New connections of ${one.name}`, from_ns: account.since_ns, span_ns,
      each_ns: bucket_s * 1e9, unit: each, series: [
        { label: "completed", colour: "limit-rwnd", values: completed },
        { label: "never completed", colour: "limit-cwnd", values: other },
        { label: "refused", colour: "limit-recovery", values: refused }] }), ...made];
  }

  function section(overview) {
    const all = gather(overview), told = accounts(overview);
    if (!all.length) return null;
    for (const one of all) {
      const account = told.get(one.name);
      one.open = open(overview, one);
      Object.assign(one, { account, connections: one.rows.length, clients: one.clients.size,
        peak: Math.max(...one.open), rate: account ? account.peak_per_s : NaN,
        cookies: account ? account.syn_cookies.verdict : "" });
    }
    return tcpscope.chosen.section({ title: "Listeners", id: "listeners", all, columns: columns(all),
      sort: "connections", charts: (one) => charts(overview, one), onrow: (one) => overview.filterBy(one.name) });
  }

  return { section };
})();
