// The frame's one dialog: what htmx puts into it opens it, Esc or a [data-close] closes it.
// A click beside it does not: half a form would be lost. Without scripts its links lead to pages.
(() => {
  const dialog = document.getElementById("dialog");
  if (!dialog) return;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === dialog && dialog.childElementCount && !dialog.open) dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  // What was done in it: both come with the answer to an act alone.
  ["followups", "tickets"].forEach((done) => document.addEventListener(done, () => dialog.close()));
  dialog.addEventListener("close", () => dialog.replaceChildren());
})();
