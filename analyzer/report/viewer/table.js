// A table of any length: only the rows in sight are elements, the rest is room above and below them.
tcpscope.table = (() => {
  const { el } = tcpscope.dom;
  const ROW = 33; // pixels, as the style has it
  const BEYOND = 12; // rows drawn above and below those in sight
  const HEIGHT = 520; // pixels of the window on the rows, at most

  // `columns`: {key, title, help, number, value(row) to sort by, cell(row) to show}; `rows`: how many there are.
  class VirtualTable {
    constructor({ label, columns, rows, onrow, sort, descending, height = HEIGHT }) {
      Object.assign(this, { columns, count: rows, onrow, sort, descending: Boolean(descending), keep: null, height });
      this.heads = new Map();
      this.head = el("tr", {}, ...columns.map((column) => this.headOf(column)));
      this.above = el("tr", { class: "room", "aria-hidden": "true" }, el("td", { colspan: columns.length }));
      this.below = el("tr", { class: "room", "aria-hidden": "true" }, el("td", { colspan: columns.length }));
      this.body = el("tbody", {}, this.above, this.below);
      this.table = el("table", { class: "virtual", "aria-label": label }, el("thead", {}, this.head), this.body);
      this.node = el("div", { class: "scroll rows", tabindex: 0, role: "region", "aria-label": label,
        onscroll: () => this.later() }, this.table);
      this.current = -1;
      this.refresh();
    }

    headOf(column) {
      const knob = el("button", { type: "button", title: column.help || `Sort by ${column.title}`,
        onclick: () => this.sortBy(column.key) }, column.title);
      const shown = column.value ? knob : column.title;
      const cell = el("th", { scope: "col", class: column.number ? "number" : null }, shown);
      this.heads.set(column.key, cell);
      return cell;
    }

    sortBy(key) {
      const column = this.columns.find((each) => each.key === key);
      this.descending = this.sort === key ? !this.descending : Boolean(column.number && !column.rising);
      this.sort = key;
      this.refresh();
    }

    filter(keep) {
      this.keep = keep;
      this.refresh();
    }

    refresh() {
      this.rows = new Uint32Array(this.count);
      for (let row = 0; row < this.count; row++) this.rows[row] = row;
      if (this.keep) this.rows = this.rows.filter(this.keep);
      const column = this.columns.find((each) => each.key === this.sort);
      if (column) this.order(column);
      for (const [key, cell] of this.heads) {
        if (key === this.sort) cell.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
        else cell.removeAttribute("aria-sort");
      }
      this.table.setAttribute("aria-rowcount", this.rows.length + 1);
      this.node.style.height = `${Math.min(this.height, (this.rows.length + 1) * ROW + 16)}px`;
      this.drawn = null;
      this.draw();
    }

    // What is unknown comes last either way; what is alike stays in order.
    order(column) {
      const turn = this.descending ? -1 : 1;
      const values = new Array(this.count);
      for (const row of this.rows) values[row] = column.value(row);
      const missing = (one) => one === null || one === undefined || Number.isNaN(one);
      this.rows.sort((one, other) => {
        const a = values[one], b = values[other];
        if (missing(a) || missing(b)) return missing(a) - missing(b) || one - other;
        return (a < b ? -turn : a > b ? turn : 0) || one - other;
      });
    }

    later() {
      if (this.waiting) return;
      this.waiting = requestAnimationFrame(() => { this.waiting = null; this.draw(); });
    }

    draw() {
      const first = Math.max(0, Math.floor(this.node.scrollTop / ROW) - BEYOND);
      const stop = Math.min(this.rows.length, first + Math.ceil(this.height / ROW) + 2 * BEYOND);
      if (this.drawn && this.drawn[0] === first && this.drawn[1] === stop) return;
      this.drawn = [first, stop];
      this.above.firstChild.style.height = `${first * ROW}px`;
      this.below.firstChild.style.height = `${(this.rows.length - stop) * ROW}px`;
      const lines = Array.from(this.rows.subarray(first, stop), (row, at) => this.line(row, first + at));
      this.body.replaceChildren(this.above, ...lines, this.below);
    }

    line(row, place) {
      const cells = this.columns.map((column) =>
        el("td", { class: column.number ? "number" : null }, column.cell(row)));
      const line = el("tr", { "aria-rowindex": place + 2, class: row === this.current ? "current" : null,
        "data-row": row }, ...cells);
      if (this.onrow) line.addEventListener("click", () => this.onrow(row));
      return line;
    }

    // Show the same rows, told anew.
    redraw() {
      this.drawn = null;
      this.draw();
    }

    // Mark a row and bring it into sight.
    show(row) {
      this.current = row;
      const place = this.rows.indexOf(row);
      const top = place * ROW;
      if (place >= 0 && (top < this.node.scrollTop || top > this.node.scrollTop + this.node.clientHeight - 2 * ROW)) {
        this.node.scrollTop = Math.max(0, top - this.node.clientHeight / 2);
      }
      this.redraw();
    }

    // What is shown, as a file for a spreadsheet; a text that would run there is quoted.
    csv() {
      const quoted = (value) => {
        const text = String(value ?? "").replace(/^(?=[=+\-@\t\r\n])/, "'");
        return `"${text.replaceAll('"', '""')}"`;
      };
      const columns = this.columns.filter((column) => column.plain || column.value);
      const line = (row) => columns.map((column) => quoted((column.plain || column.value)(row))).join(",");
      return [columns.map((column) => quoted(column.title || column.key)).join(","), ...Array.from(this.rows, line)]
        .join("\r\n");
    }
  }

  return { VirtualTable };
})();
