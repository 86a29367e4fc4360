// What stands above the drawings: the ends, one line of verdict, the findings, and the figures that matter.
tcpscope.cards = (() => {
  const { el, copyable } = tcpscope.dom;
  const U = tcpscope.units;
  const V = tcpscope.vocabulary;
  const SEVERITY = { error: "✖ error", warning: "▲ warning", info: "● info" };

  const address = (ip, port) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);
  const client = (flow) => address(flow.client_ip, flow.client_port);
  const server = (flow) => address(flow.server_ip, flow.server_port);

  function title(c) {
    const { flow } = c;
    const vantage = flow.vantage ? `taken at the ${flow.vantage}` : "where it was taken is not known";
    return el("div", { class: "title" },
      el("h1", {}, el("span", { class: "end" }, client(flow)), el("span", { class: "to" }, " → "),
        el("span", { class: "end" }, server(flow))),
      el("p", { class: "under" }, copyable(`tcp.stream eq ${flow.flow}`), ` ${U.utc(c.data.start_ns, 0)} · ${vantage}`,
        flow.role_known ? "" : " · which end is the client was judged",
        flow.one_sided ? " · one end only was captured" : ""));
  }

  function card(name, value, below, bad) {
    return el("div", { class: `card${bad ? " bad" : ""}` }, el("span", { class: "name" }, name), el("b", {}, value),
      el("span", { class: "below" }, below));
  }

  function all(c) {
    const { flow } = c;
    const [one, other] = c.data.directions;
    const busy = c.data.directions[c.busiest];
    const seconds = flow.duration_s;
    const resent = one.retransmissions + other.retransmissions;
    const spurious = one.spurious_retransmissions + other.spurious_retransmissions;
    const closed = (one.zero_window_s || 0) + (other.zero_window_s || 0);
    const handshake = U.unknown(flow.syn_rtt_ms) || U.unknown(flow.ack_rtt_ms) ? NaN
      : (flow.syn_rtt_ms + flow.ack_rtt_ms) * 1e6;
    return el("div", { class: "cards" },
      card("duration", U.span(seconds * 1e9), `${U.count(flow.segments)} segments`),
      card("payload", U.size(flow.bytes), `${U.size(one.unique_bytes)} ↑ · ${U.size(other.unique_bytes)} ↓`),
      card("rate", seconds ? U.rate(flow.bytes * 8 / seconds) : U.NOTHING, "payload over the whole time"),
      card("round trip", U.span(busy.rtt_median_ms === null ? NaN : busy.rtt_median_ms * 1e6),
        Number.isNaN(handshake) ? "median of the busier direction" : `median; handshake ${U.span(handshake)}`),
      card("sent again", U.count(resent), spurious ? `${U.count(spurious)} of them unneeded` : share(busy), resent > 0),
      card("zero window", closed ? U.span(closed * 1e9) : "never",
        closed ? "a receiver was full" : "no receiver was full", closed > 0),
      card("opening", flow.opening, `client ${flow.client_state || "unknown"}`,
        ["refused", "half-open"].includes(flow.opening)),
      card("closing", flow.closing, `server ${flow.server_state || "unknown"}`, flow.closing === "rst"));
  }

  function share(direction) {
    const of = direction.data_segments;
    return of ? `${U.percent(direction.retransmissions / of)} of the data segments` : "no data was sent";
  }

  // One finding; `to` is where its evidence is drawn.
  function finding(found, to) {
    const listed = found.frames.slice(0, 6).join(", ") + (found.frames.length > 6 ? " …" : "");
    const frames = found.frames.length ? `frame${found.frames.length > 1 ? "s" : ""} ${listed}` : "";
    const place = found.flow !== null ? `connection ${found.flow}`
      : to ? `see connection ${found.shown_in}` : "the whole capture";
    return el("li", { class: `finding ${found.severity}` },
      el("div", { class: "finding-head" }, el("span", { class: "severity" }, SEVERITY[found.severity]),
        el("b", {}, found.finding), to ? el("a", { href: to }, place) : el("span", { class: "place" }, place),
        el("span", { class: "place" }, frames),
        found.confidence < 1 ? el("span", { class: "place" }, `${Math.round(found.confidence * 100)} % sure`) : null),
      el("p", { class: "summary" }, U.bound(found.summary)),
      found.advice ? el("p", { class: "advice" }, found.advice) : null,
      found.filter ? el("p", { class: "filter" }, copyable(found.filter)) : null);
  }

  // A finding on the page of its connection: one line, and the rest when it is opened.
  function brief(found, show) {
    const rest = [found.advice ? el("p", { class: "advice" }, found.advice) : null,
      found.filter ? el("p", { class: "filter" }, copyable(found.filter)) : null];
    const head = el("summary", {}, el("span", { class: "severity" }, SEVERITY[found.severity]), " ",
      el("b", {}, found.finding), ` ${U.bound(found.summary)}`);
    return el("li", { class: `finding brief ${found.severity}` }, el("details", {}, head, ...rest), show);
  }

  function directions(c) {
    const rows = Object.keys(c.data.directions[0] || {}).filter((name) => !["flow", "sender"].includes(name));
    const text = (value) => (typeof value === "number" ? value.toLocaleString("en-US", { maximumFractionDigits: 3 })
      : value === true ? "yes" : value === false ? "no" : value);
    const known = rows.filter((name) => c.data.directions.some((each) => each[name] !== null));
    const heads = V.ends.map((end) => el("th", { scope: "col" }, `from the ${end}`));
    return el("details", { class: "figures-all" }, el("summary", {}, "All figures of both directions"),
      el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, el("th", {}), ...heads)),
        el("tbody", {}, ...known.map((name) => el("tr", {}, el("th", { scope: "row" }, name),
          ...c.data.directions.map((each) => el("td", { class: "number" }, each[name] === null ? U.NOTHING
            : text(each[name])))))))));
  }

  return { address, title, all, finding, brief, directions, client, server };
})();
