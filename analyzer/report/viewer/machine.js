// The state machine of RFC 9293, figure 5, with both ends in it and the move that was just taken.
tcpscope.machine = (() => {
  const { svg } = tcpscope.dom;
  const V = tcpscope.vocabulary;
  const BOX = { width: 108, height: 26 };
  // Columns and rows as the figure has them; CLOSED stands at the top and, for an end that is done, at the bottom.
  const PLACES = {
    "CLOSED": [1, 0], "LISTEN": [0, 1], "SYN-SENT": [2, 1], "SYN-RECEIVED": [0, 2], "ESTABLISHED": [2, 2],
    "FIN-WAIT-1": [0, 3], "CLOSE-WAIT": [2, 3], "FIN-WAIT-2": [0, 4], "CLOSING": [1, 4], "LAST-ACK": [2, 4],
    "TIME-WAIT": [0, 5], "CLOSED, done": [2, 5],
  };
  const COLUMN = 128, ROW = 52, LEFT = 64, TOP = 22;
  const DONE = "CLOSED, done";
  const centre = (name) => [LEFT + PLACES[name][0] * COLUMN, TOP + PLACES[name][1] * ROW];

  // Where a move ends: the lower CLOSED for those that end a connection.
  function target(from, to) {
    return to === "CLOSED" && from !== "LISTEN" ? DONE : to;
  }

  // A line between the edges of two boxes.
  function line(from, to) {
    const [x1, y1] = centre(from), [x2, y2] = centre(to);
    const cut = (x, y, dx, dy) => {
      const scale = Math.min(BOX.width / 2 / (Math.abs(dx) || 1e-9), BOX.height / 2 / (Math.abs(dy) || 1e-9));
      return [x + dx * scale, y + dy * scale];
    };
    const [a, b] = cut(x1, y1, x2 - x1, y2 - y1), [d, e] = cut(x2, y2, x1 - x2, y1 - y2);
    return `M${a} ${b}L${d} ${e}`;
  }

  class Machine {
    constructor() {
      this.boxes = new Map();
      this.arrows = new Map();
      const marker = (id) => svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7,
        orient: "auto-start-reverse" }, svg("path", { d: "M0 0L8 4L0 8Z", class: "head" }));
      const edges = V.moves.map(([from, , to]) => this.arrow(V.states[from], V.states[to]));
      const nodes = Object.keys(PLACES).map((name) => this.box(name));
      this.node = svg("svg", { class: "machine", viewBox: "0 0 384 308", role: "img" },
        svg("title", {}, "The states of both ends"), svg("defs", {}, marker("arrow")), ...edges, ...nodes);
    }

    arrow(from, to) {
      const end = target(from, to);
      const path = svg("path", { d: line(from, end), class: "move", "marker-end": "url(#arrow)" });
      this.arrows.set(`${from}>${to}`, path);
      return path;
    }

    box(name) {
      const [x, y] = centre(name);
      const group = svg("g", { class: "state" },
        svg("rect", { x: x - BOX.width / 2, y: y - BOX.height / 2, width: BOX.width, height: BOX.height, rx: 5 }),
        svg("text", { x, y: y + 4, "text-anchor": "middle" }, name === DONE ? "CLOSED" : name),
        svg("text", { x: x - BOX.width / 2 + 2, y: y - BOX.height / 2 - 3, class: "end client" }, "client"),
        svg("text", { x: x + BOX.width / 2 - 2, y: y - BOX.height / 2 - 3, class: "end server", "text-anchor": "end" },
          "server"));
      this.boxes.set(name, group);
      return group;
    }

    // `now` and `before`: the states of client and server by number, NaN for unknown.
    show(now, before, started) {
      for (const group of this.boxes.values()) group.classList.remove("client", "server");
      for (const path of this.arrows.values()) path.classList.remove("taken", "client", "server");
      const names = now.map((state, end) => this.place(state, end, before[end], started));
      this.node.querySelector("title").textContent = V.ends.map((end, at) => `${end}: ${names[at]}`).join(", ");
    }

    place(state, end, before, started) {
      if (Number.isNaN(state)) return "unknown";
      const name = V.states[state];
      this.boxes.get(name === "CLOSED" && started ? DONE : name).classList.add(V.ends[end]);
      if (!Number.isNaN(before) && before !== state) {
        const path = this.arrows.get(`${V.states[before]}>${name}`);
        if (path) path.classList.add("taken", V.ends[end]);
      }
      return name;
    }
  }

  return { Machine };
})();
