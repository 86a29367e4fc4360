// The keyboard, as in Wireshark's graphs where there is such a key.
tcpscope.keys = (() => {
  const { el, button } = tcpscope.dom;
  const PAN = 0.2; // of the view
  const ZOOM = 1.5;
  const HELP = [
    ["+  −", "zoom in and out"], ["←  →", "move along the time"], ["↑  ↓", "move the sequence numbers"],
    ["0", "show everything"], ["Space", "crosshair on and off"], ["D", "the other direction"],
    ["S", "sequence numbers relative, or as on the wire"], ["T", "times since the connection began, or the capture"],
    ["G", "go to a frame"], ["1  2  3  4  5", "to a panel, and to the replay"], ["n  p", "next and previous event"],
    [",  .", "one segment back and on, ten with Shift"], ["Home  End", "first and last segment"],
    ["R", "play the replay, and pause it"], ["Z", "dragging zooms or moves"], ["B", "dragging measures a span"],
    ["Esc", "close what is open"], ["/", "filter the connections"], ["?", "this help"],
    ["Shift + drag", "move"], ["Ctrl + wheel", "zoom"], ["double click", "show everything"],
  ];

  function actions(view) {
    const c = view.connection;
    return {
      "+": () => view.scale(1 / ZOOM), "=": () => view.scale(1 / ZOOM), "-": () => view.scale(ZOOM),
      "ArrowLeft": () => view.pan(-PAN), "ArrowRight": () => view.pan(PAN),
      "ArrowUp": () => view.lift(PAN), "ArrowDown": () => view.lift(-PAN),
      "0": () => view.reset(), " ": () => view.toggleCrosshair(), "d": () => view.turn(),
      "s": () => view.toggleAbsolute(), "t": () => view.toggleOrigin(), "g": () => view.goToFrame(),
      ...Object.fromEntries([1, 2, 3, 4, 5].map((number) => [String(number), () => view.toPanel(number)])),
      "n": () => view.toEvent(1), "p": () => view.toEvent(-1),
      ",": () => view.replay.step(-1), ".": () => view.replay.step(1),
      "<": () => view.replay.step(-10), ">": () => view.replay.step(10),
      ";": () => view.replay.step(-10), ":": () => view.replay.step(10),
      "Home": () => view.select(0), "End": () => view.select(c.count - 1), "r": () => view.replay.toggle(),
      "z": () => view.setMode(view.mode === "move" ? "zoom" : "move"),
      "b": () => view.setMode(view.mode === "measure" ? "zoom" : "measure"), "Escape": () => view.forget(),
    };
  }

  function help() {
    const rows = HELP.map(([keys, what]) => el("tr", {}, el("th", { scope: "row" },
      ...keys.split(/ {2}/).map((key) => el("kbd", {}, key))), el("td", {}, what)));
    const dialog = el("dialog", { class: "help", "aria-label": "Keys" }, el("h2", {}, "Keys"),
      el("table", {}, el("tbody", {}, ...rows)), button("Close", "Close (Esc)", () => dialog.close()));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  const typing = (target) => target.closest("input:not([type=range]), select, textarea, dialog");

  function listen(current) {
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === "?") return help();
      if (event.key === "/") return focusFilter(event);
      const view = current();
      if (!view || (event.key === " " && event.target.closest("button"))) return;
      if (event.target.closest(".rows") && /^(Arrow|Home|End| )/.test(event.key)) return;
      const act = actions(view)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
  }

  function focusFilter(event) {
    const field = document.querySelector("input[type=search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
  }

  return { listen, help };
})();
