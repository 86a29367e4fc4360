// A table whose chosen row, at first the top one, is drawn below it over the time of the capture.
tcpscope.chosen = (() => {
  const { el, button } = tcpscope.dom;
  const U = tcpscope.units;
  const { VirtualTable } = tcpscope.table;

  // `all`: what the rows are about; `charts` draws one of them; `onrow` shows its connections.
  function section({ title, id, note, all, columns, sort, charts, onrow }) {
    const drawn = el("div", { class: "timelines" });
    const table = new VirtualTable({ label: title, rows: all.length, sort, descending: true, columns, height: 300,
      onrow: (row) => choose(row) });
    function choose(row) {
      table.show(row);
      drawn.replaceChildren(...charts(all[row]), button("Show its connections",
        "Filter the table of connections", () => onrow(all[row])));
    }
    choose(table.rows[0]);
    return el("section", { id, tabindex: -1 }, el("h2", {}, `${title} `,
      el("span", { class: "tally" }, U.count(all.length))), note ? el("p", { class: "under" }, note) : null,
    table.node, drawn);
  }

  return { section };
})();
