// The board: a card is dragged onto a phase by mouse or pen, or moved by its menu, which is a link without this.
// Both end in the same request; the answer is the board as it is then. On touch there is the menu alone: a finger scrolls.
(() => {
  const board = () => document.querySelector("#board");
  const form = document.querySelector("#board-form");
  if (!form) return;
  let drag = null;

  const send = (card, phase) => {
    form.ariaLabel = card.querySelector(".card-move").ariaLabel; // what failed, if it does (failure.js)
    htmx.ajax("POST", `${form.dataset.base}${card.id.slice(1)}/${form.dataset.verb || ""}`, {
      source: form,
      swap: "none",
      values: { phase, [form.dataset.state || "stay"]: card.dataset.stay },
    });
  };

  const ask = (source, url) =>
    htmx.ajax("GET", `${url}?on=${form.elements.on.value}`, { source, target: "#menu", swap: "innerHTML" });

  // Dragging

  const lift = (event) => {
    const card = drag.card;
    const box = card.getBoundingClientRect();
    drag.ghost = card.cloneNode(true);
    drag.ghost.removeAttribute("id");
    drag.ghost.setAttribute("aria-hidden", "true");
    drag.ghost.inert = true;
    drag.ghost.classList.add("is-ghost");
    drag.ghost.style.width = `${box.width}px`;
    drag.offset = { x: drag.x - box.left, y: drag.y - box.top };
    document.querySelector("#board-body").append(drag.ghost);
    document.body.classList.add("is-dragging");
    getSelection().removeAllRanges();
    card.classList.add("is-lifted");
    document.querySelectorAll(".board-col[data-lacks]").forEach((column) => {
      const barred = column.dataset.lacks.split(" ").includes(card.dataset.line);
      column.classList.toggle("is-barred", barred);
      column.querySelector(".board-barred").hidden = !barred;
    });
    follow(event);
  };

  const follow = (event) => {
    drag.ghost.style.translate = `${event.clientX - drag.offset.x}px ${event.clientY - drag.offset.y}px`;
    const column = document.elementFromPoint(event.clientX, event.clientY)?.closest(".board-col[data-phase]");
    const own = drag.card.closest(".board-col");
    if (drag.target !== column) drag.target?.classList.remove("is-target");
    drag.target = column === own ? null : column;
    drag.target?.classList.add("is-target");
    scrollAtEdges(event);
  };

  const scrollAtEdges = (event) => {
    const body = document.querySelector("#board-body");
    const box = body.getBoundingClientRect();
    if (event.clientX > box.right - 40) body.scrollLeft += 16;
    if (event.clientX < box.left + 40) body.scrollLeft -= 16;
    if (event.clientY > box.bottom - 40) body.scrollTop += 16;
    if (event.clientY < box.top + 40) body.scrollTop -= 16;
  };

  const drop = (send_it) => {
    const { card, ghost, target } = drag;
    drag = null;
    if (!ghost) return;
    ghost.remove();
    document.body.classList.remove("is-dragging");
    card.classList.remove("is-lifted");
    document.querySelectorAll(".board-col").forEach((column) => {
      column.classList.remove("is-target", "is-barred");
      column.querySelector(".board-barred")?.setAttribute("hidden", "");
    });
    // The click that ends a drag opens no lead.
    const swallow = (event) => event.preventDefault();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    if (!send_it || !target) return;
    if (target.dataset.asks) ask(card, `${form.dataset.base}${card.id.slice(1)}/${target.dataset.asks}`);
    else send(card, target.dataset.phase);
  };

  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest?.(".board-card[data-stay]");
    if (!card || event.button !== 0 || event.pointerType === "touch" || event.target.closest(".card-move")) return;
    drag = { card, x: event.clientX, y: event.clientY, ghost: null, target: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (drag.ghost) follow(event);
    else if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 6) lift(event);
  });
  document.addEventListener("pointerup", () => drag && drop(true));
  document.addEventListener("pointercancel", () => drag && drop(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && drag && drop(false));
  document.addEventListener("dragstart", (event) => event.target.closest?.(".board-card") && event.preventDefault());
  // A refresh must not take the card out of the hand.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (drag?.ghost && event.target.contains(board())) event.preventDefault();
  });

  // The menu: the lead's own, beside the card (sheet.js).
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".card-move");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    ask(link, link.pathname);
  });
})();
