// The drawings as one picture, made in the page.
tcpscope.picture = (() => {
  const { el, say } = tcpscope.dom;
  const SCALE = 2;

  async function image(panel) {
    const { width, height } = panel.plot.getBoundingClientRect();
    const made = el("img", {});
    made.src = await Plotly.toImage(panel.plot, { format: "svg", width, height });
    await made.decode();
    return { made, width, height };
  }

  async function save(view) {
    const panels = view.panels.list;
    const images = await Promise.all(panels.map(image));
    const head = 26, width = images[0].width;
    const canvas = el("canvas", { width: width * SCALE,
      height: images.reduce((sum, each) => sum + each.height + head, 0) * SCALE });
    const pen = canvas.getContext("2d");
    pen.scale(SCALE, SCALE);
    pen.fillStyle = tcpscope.theme.colour("paper");
    pen.fillRect(0, 0, canvas.width, canvas.height);
    let y = 0;
    images.forEach((each, at) => {
      pen.fillStyle = tcpscope.theme.colour("ink");
      pen.font = "600 13px system-ui, sans-serif";
      pen.fillText(panels[at].heading.textContent, 8, y + 17);
      pen.drawImage(each.made, 0, y + head);
      y += each.height + head;
    });
    canvas.toBlob((blob) => {
      const link = el("a", { href: URL.createObjectURL(blob), download: `flow-${view.connection.number}.png` });
      link.click();
      say("The picture was saved.");
    });
  }

  return { save };
})();
