// A menu that an act opens (#menu) stands beside the button that asked for it. Menu and dialog (dialog.js) close when
// the act is done, and the focus returns to where it came from, or to what took its place.
(() => {
  const menu = document.querySelector("#menu");
  const dialog = document.querySelector("#dialog");
  if (!menu) return;
  const isSheet = (element) => element === menu || element === dialog;
  const inSheet = (element) => menu.contains(element) || dialog.contains(element);
  let opener;
  let anchor; // what asked first; a menu that a menu asks for stands where that one stood

  const beside = () => {
    // A key presses what may be hidden for want of room: then beside its fellows.
    const at = (anchor.checkVisibility() ? anchor : anchor.parentElement).getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const below = at.bottom + 6 + size.height < innerHeight;
    const left = at.left < innerWidth / 3 ? at.left : at.right - size.width;
    menu.style.left = `${Math.max(8, Math.min(innerWidth - size.width - 8, left))}px`;
    menu.style.top = `${Math.max(8, below ? at.bottom + 6 : Math.min(at.top - 6, innerHeight - 8) - size.height)}px`;
  };
  // Where the focus goes when it comes back to an element: to itself, to what took its place, or, from the quick
  // actions, which wander, to the row's own link. Never to an act that nobody was at: the next Enter would do it.
  const origin = (element) => {
    const row = element?.closest("tr.lead, .todo-row")?.id;
    const act = element?.dataset.act;
    const last = { acts: "#acts .btn", "next-step": "#next-step [name=text]" }[element?.closest("#acts, #next-step")?.id] || "#main";
    const replaced = () =>
      (act && document.querySelector(`#acts [data-act="${act}"], #having [data-act="${act}"]`)) || document.querySelector(last);
    return {
      again: () => {
        if (row) return document.querySelector(`#${row} :is(th, .what) a`);
        return element?.isConnected && element.checkVisibility() ? element : replaced();
      },
    };
  };
  const focus = (element) => element?.focus({ preventScroll: element.id === "main" });
  // The browser gives the focus back to what was in the menu, which is gone by then.
  const giveBack = () => dialog.open || document.activeElement !== document.body || focus(opener?.again());
  const shut = () => {
    if (menu.matches(":popover-open")) menu.hidePopover();
    if (dialog.open) dialog.close();
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = event.detail.requestConfig.elt;
    if (!isSheet(event.detail.target) || inSheet(asked)) return;
    opener = origin(asked);
    anchor = asked;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === dialog && menu.matches(":popover-open")) menu.hidePopover();
    if (event.detail.target !== menu) return;
    menu.showPopover();
    beside();
    (menu.querySelector("[autofocus]") || menu.querySelector("button:not(:disabled), a[href]"))?.focus();
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    menu.replaceChildren();
    giveBack();
  });
  dialog.addEventListener("close", () => giveBack());
  document.addEventListener("leads", shut);
  document.addEventListener("followups", shut);
  document.addEventListener("tickets", shut);
  document.addEventListener("acted", shut);

  // What had the focus may have been drawn anew, or was in a menu that is gone.
  let had;
  document.addEventListener("htmx:beforeRequest", () => {
    const here = document.activeElement;
    had = here && inSheet(here) ? opener : origin(here);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (had && document.activeElement === document.body) focus(had.again());
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { successful, requestConfig } = event.detail;
    const written = successful && requestConfig.verb === "post" && event.target.closest?.("form.composer");
    if (!written) return;
    written.reset();
    written.querySelectorAll(".understood").forEach((words) => words.replaceChildren());
  });
})();
