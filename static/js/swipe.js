// On a phone a row's quick actions come by a swipe to either side, or by the "…" button at its end: those of a lead
// (rowbar.js), and those that a follow-up's row has itself. A follow-up of the day's page opens, as its button does.
// Only a clear sideways stroke counts, and none that begins at the edge of the screen, which is the browser's.
(() => {
  const more = document.querySelector("#row-more");
  if (!more && !document.querySelector(".stops-today")) return;
  const ROW = "tr.lead, .todo-row:has(.quick .btn:not(.is-shown)), .stop:has(> details)";
  const HELD = "#rowbar, .more, .stop-more"; // where a finger means what it touches
  const phone = matchMedia("(max-width: 47.99rem)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const EDGE = 24; // px from the side of the screen
  const SLOP = 12; // px before a stroke has a direction
  const FAR = 56; // px that open
  let stroke;

  const opened = () => document.querySelector("[data-opened]:is(tr.lead, .todo-row)");
  const close = () => {
    const row = opened();
    row?.removeAttribute("data-opened");
    row?.querySelector(".more button")?.setAttribute("aria-expanded", "false");
  };
  const open = (row, side) => {
    close();
    const details = row.querySelector(":scope > details");
    if (details) {
      details.open = true;
      return;
    }
    row.dispatchEvent(new CustomEvent("rowbar", { bubbles: true }));
    row.dataset.opened = side;
    row.querySelector(".more button")?.setAttribute("aria-expanded", "true");
  };
  const dress = () => {
    if (!phone.matches || !more) return;
    document.querySelectorAll(`:is(${ROW}):not(.stop):not(:has(> .more))`).forEach((row) => {
      const cell = Object.assign(document.createElement(row.matches("tr") ? "td" : "span"), { className: "more" });
      const button = more.content.firstElementChild.cloneNode(true);
      button.ariaLabel = button.dataset.label.replace("{title}", row.querySelector("th a, .what").textContent.trim());
      cell.append(button);
      row.append(cell);
    });
  };
  const drop = () => {
    stroke?.row.classList.remove("is-dragged");
    stroke = undefined;
  };

  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(ROW);
    const edge = event.clientX < EDGE || event.clientX > innerWidth - EDGE;
    if (!phone.matches || event.pointerType === "mouse" || !row || edge) return;
    if (event.target.closest(HELD)) return;
    stroke = { row, id: event.pointerId, x: event.clientX, y: event.clientY, along: 0 };
  });
  document.addEventListener("pointermove", (event) => {
    if (stroke?.id !== event.pointerId) return;
    const along = event.clientX - stroke.x;
    const across = Math.abs(event.clientY - stroke.y);
    if (!stroke.along && across > SLOP && across > Math.abs(along)) return drop();
    if (!stroke.along && Math.abs(along) < Math.max(SLOP, 1.5 * across)) return;
    stroke.along = along;
    stroke.row.classList.add("is-dragged");
    // Not on the row: htmx would carry its style over to the row drawn anew, which the policy forbids.
    if (!still.matches) document.documentElement.style.setProperty("--drag", `${Math.max(-FAR, Math.min(FAR, along))}px`);
  });
  document.addEventListener("pointerup", (event) => {
    if (stroke?.id !== event.pointerId) return;
    const { row, id, along } = stroke;
    drop();
    if (Math.abs(along) < FAR) return;
    // The finger ends on the row's link, which was not meant. The next tap is, however fast: on a button, by another touch.
    const stop = (click) => {
      const isOther = click.pointerId > 0 && click.pointerId !== id;
      if (!isOther && !click.target.closest("button")) click.preventDefault();
    };
    row.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => row.removeEventListener("click", stop, { capture: true }), 300);
    open(row, (along < 0) === (document.dir !== "rtl") ? "end" : "start");
  });
  document.addEventListener("pointercancel", drop);

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".more button");
    const row = button?.closest(ROW);
    if (row && !row.dataset.opened) open(row, "end");
    else if (!event.target.closest("#menu")) close();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.addEventListener("htmx:afterSettle", dress);
  phone.addEventListener("change", dress);
  dress();
})();
