// Light, dark or as the system has it, and the colours of everything drawn: never colour alone, each mark has a shape.
tcpscope.theme = (() => {
  const NEXT = { auto: "dark", dark: "light", light: "auto" };
  const listeners = [];
  const system = matchMedia("(prefers-color-scheme: dark)");
  const cache = new Map();
  let chosen = "auto";

  function apply(name) {
    chosen = name;
    document.documentElement.dataset.theme = name === "auto" ? (system.matches ? "dark" : "light") : name;
    cache.clear();
    for (const listener of listeners) listener();
  }

  function colour(name) {
    if (!cache.has(name)) {
      cache.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
    }
    return cache.get(name);
  }

  function toggle() {
    const { el } = tcpscope.dom;
    const label = () => `Theme: ${chosen}`;
    const knob = el("button", { type: "button", class: "quiet theme", title: "Light, dark, or as the system has it" });
    knob.textContent = label();
    knob.addEventListener("click", () => { apply(NEXT[chosen]); knob.textContent = label(); });
    return knob;
  }

  // Paper is white: the drawings change with the sheet.
  let before = "auto";
  addEventListener("beforeprint", () => { before = chosen; apply("light"); });
  addEventListener("afterprint", () => apply(before));
  system.addEventListener("change", () => apply(chosen));
  apply(chosen);

  return { apply, colour, toggle, onchange: (listener) => listeners.push(listener) };
})();
