// Rows are dragged by their grip, within a list or into another of its group: steps between phases, phases, pipelines.
// Dropping fills in and sends the form that the row's buttons send; Escape puts the row back. Everything works by
// those buttons and the row's menu alone. Where all rows are one form (the editor of a trigger), a list names what is
// done, and a button of the form without words sends it: what, which row, into which list, before which.
(() => {
  const EDGE = 48; // px from the edge of the scroll area at which it scrolls
  let drag;
  let dropped; // the row last sent to another place, and where it was

  const ready = () => document.querySelectorAll("[data-sort]").forEach((list) => list.classList.add("can-sort"));

  const place = (x, y) => {
    const under = document.elementFromPoint(x, y);
    const list = under?.closest("[data-sort]") || under?.closest(".phase-block")?.querySelector("[data-sort]");
    if (!list || list.dataset.group !== drag.list.dataset.group) return;
    const rows = [...list.querySelectorAll("[data-row]")].filter((row) => row !== drag.row);
    const after = rows.find((row) => {
      const box = row.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    if (drag.row.parentNode !== list || drag.row.nextElementSibling !== (after || null)) list.insertBefore(drag.row, after || null);
  };

  const scroll = (y) => {
    const area = drag.row.closest(".body, .pane");
    const inner = area.scrollHeight > area.clientHeight;
    const box = inner ? area.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    const by = y < box.top + EDGE ? -12 : y > box.bottom - EDGE ? 12 : 0;
    if (by) (inner ? area : window).scrollBy(0, by);
  };

  const end = (drop) => {
    if (!drag) return;
    const { row, list, next } = drag;
    document.body.classList.remove("is-dragging");
    row.classList.remove("is-dragged");
    drag = undefined;
    const unmoved = row.parentNode === list && row.nextElementSibling === next;
    if (!drop) list.insertBefore(row, next);
    if (!drop || unmoved) return;
    const verb = row.parentNode.dataset.drop;
    if (verb) {
      const button = row.closest("form").querySelector("[data-dropped]");
      button.value = [verb, row.dataset.row, row.parentNode.dataset.sort, row.nextElementSibling?.dataset.row || ""].join(":");
      dropped = { row, list, next, form: button };
      button.click();
      return;
    }
    const form = row.querySelector("form");
    if (form.elements.phase) form.elements.phase.value = row.parentNode.dataset.sort;
    form.elements.before.value = row.nextElementSibling?.dataset.row || "";
    dropped = { row, list, next, form };
    form.requestSubmit();
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".can-sort .grip");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    const row = grip.closest("[data-row]");
    drag = { row, list: row.parentNode, next: row.nextElementSibling, pointer: event.pointerId };
    row.classList.add("is-dragged");
    document.body.classList.add("is-dragging");
  });
  document.addEventListener("pointermove", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    place(event.clientX, event.clientY);
    scroll(event.clientY);
  });
  document.addEventListener("pointerup", (event) => drag?.pointer === event.pointerId && end(true));
  document.addEventListener("pointercancel", () => end(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && end(false));
  // Not saved: back to where it was. Its form still says where to, for another try (failure.js).
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful || !dropped || event.target !== dropped.form) return;
    if (dropped.list.isConnected) dropped.list.insertBefore(dropped.row, dropped.next?.parentNode === dropped.list ? dropped.next : null);
  });
  document.addEventListener("htmx:afterSwap", ready);
  ready();
})();
