// What the capture itself lacks: what was skipped and why, where it is damaged, what its interfaces lost.
tcpscope.defects = (() => {
  const { el } = tcpscope.dom;
  const U = tcpscope.units;

  function table(heads, rows) {
    return el("div", { class: "scroll" }, el("table", {},
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell)))))));
  }

  function section(capture) {
    const parts = [];
    for (const damage of capture.damages) {
      parts.push(el("p", { class: "damage" }, `Damaged at byte ${U.count(damage.offset)}, after packet `
        + `${U.count(damage.packet)}: ${damage.reason}. What stands before is in this report.`));
    }
    if (capture.interrupted) parts.push(el("p", { class: "damage" }, "Reading was interrupted: the rest is missing."));
    if (capture.skipped.length) {
      parts.push(el("h3", {}, "Skipped"), table(["reason", "packets", "first frame"],
        capture.skipped.map((each) => [each.reason, U.count(each.count), U.count(each.first_frame)])));
    }
    if (capture.interfaces.length) {
      parts.push(el("h3", {}, "Interfaces"), table(["name", "description", "link", "snap length", "times", "dropped"],
        capture.interfaces.map((each) => [each.name || U.NOTHING, each.description, each.link_type,
          each.snaplen ? U.size(each.snaplen) : "no limit", each.resolution, U.count(each.dropped)])));
    }
    const comments = [...capture.comments, ...capture.interfaces.flatMap((each) => each.comments)];
    if (comments.length) {
      parts.push(el("h3", {}, "Comments"), el("ul", {}, ...comments.map((text) => el("li", {}, text))));
    }
    return parts.length ? el("section", { id: "capture", tabindex: -1 }, el("h2", {}, "The capture"), ...parts) : null;
  }

  return { section };
})();
