// What the address asks for is shown: the overview, or a connection as it was left.
tcpscope.page = (() => {
  const { el, button } = tcpscope.dom;
  const V = tcpscope.vocabulary;
  const main = document.getElementById("main");
  const WAIT_MS = 250; // before the address follows: browsers allow few changes
  const shown = { overview: null, view: null };
  let own = null, turn = 0; // the address that was written last; how many wishes there were

  const theme = tcpscope.theme.toggle();

  // The bar at the top: back to the overview, and to the parts of what is shown.
  function top(parts) {
    const home = V.has("overview") ? "#" : "index.html";
    const jumps = parts.filter(([, node]) => node).map(([name, node]) =>
      button(name, `Go to: ${name}`, () => node.scrollIntoView({ block: "start" }), { class: "quiet" }));
    document.getElementById("top").replaceChildren(el("a", { href: home, class: "home" }, "tcpscope"),
      el("nav", {}, el("a", { href: home }, "Overview"), ...jumps),
      button("?", "Keys (?)", tcpscope.keys.help, { class: "quiet" }), theme);
  }

  const SECTIONS = [["Findings", "findings"], ["Connections", "connections"], ["Listeners", "listeners"],
    ["Ports", "ports"], ["Pools", "pools"], ["The capture", "capture"]];

  function remember() {
    clearTimeout(remember.timer);
    remember.timer = setTimeout(() => {
      if (!shown.view) return;
      own = `#${shown.view.address}`;
      history.replaceState(null, "", own);
    }, WAIT_MS);
  }

  // The latest wish counts: an earlier one may still be unpacking its data, or about to write its address.
  async function show() {
    clearTimeout(remember.timer);
    if (location.hash === own && shown.view) return;
    const mine = ++turn;
    document.documentElement.dataset.ready = "false";
    const kept = new URLSearchParams(location.hash.slice(1));
    const flows = V.flows();
    const wanted = kept.has("flow") ? Number(kept.get("flow")) : V.has("overview") ? NaN : flows[0];
    if (flows.includes(wanted)) await showConnection(wanted, kept, () => mine === turn);
    else if (V.has("overview")) await showOverview(() => mine === turn);
    document.documentElement.dataset.ready = "true";
  }

  async function showConnection(flow, kept, wanted) {
    if (shown.view?.connection.number !== flow) {
      const connection = await tcpscope.connection.Connection.load(V.part(`flow-${flow}`));
      if (!wanted()) return;
      shown.view?.close();
      shown.view = new tcpscope.view.View(connection, main, remember);
      top(shown.view.parts);
      scrollTo(0, 0);
    }
    shown.view.recall(kept);
  }

  async function showOverview(wanted) {
    shown.overview ||= await tcpscope.overview.Overview.load(V.part("overview"));
    if (!wanted()) return;
    shown.view?.close();
    shown.view = null;
    own = null;
    shown.overview.build(main);
    top(SECTIONS.map(([name, id]) => [name, document.getElementById(id)]));
    scrollTo(0, 0);
  }

  function failed(error) {
    main.replaceChildren(el("p", { class: "failed" }, `This report cannot be shown here: ${error.message}`));
    document.documentElement.dataset.ready = "failed";
    throw error;
  }

  top([]);
  tcpscope.theme.onchange(() => shown.view?.later());
  tcpscope.keys.listen(() => shown.view);
  addEventListener("hashchange", () => show().catch(failed));
  show().catch(failed);

  return { shown };
})();
