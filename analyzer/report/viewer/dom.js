// Elements. Text of a capture only ever becomes a text node: nothing here parses HTML.
"use strict";

const tcpscope = {};

tcpscope.dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  }

  const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

  function button(text, title, onclick, attributes) {
    return el("button", { type: "button", title, onclick, ...attributes }, text);
  }

  // A line for screen readers and for everyone, below the page.
  function say(text) {
    const status = document.getElementById("status");
    status.textContent = text;
    status.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => status.classList.remove("shown"), 4000);
  }

  // Pages opened as files have no clipboard of their own in some browsers: a selected text field always works.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = el("textarea", { class: "offscreen", readonly: true }, text);
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    say(`Copied: ${text}`);
  }

  function copyable(text) {
    return el("span", { class: "copyable" }, el("code", {}, text),
      button("copy", `Copy ${text}`, (event) => { event.stopPropagation(); copy(text); }, { class: "quiet copy" }));
  }

  // A small dialog with one field; `act` is done when it is sent.
  function ask(title, field, act) {
    const dialog = el("dialog", { "aria-label": title });
    const form = el("form", { method: "dialog", onsubmit: act }, el("h2", {}, title),
      el("p", { class: "tools" }, field, el("button", { type: "submit" }, "Go")));
    dialog.append(form);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  }

  function save(name, content, type) {
    const link = el("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return { el, svg, button, say, ask, copy, copyable, save };
})();
