// A composer while one writes: the caret stands at the end, Ctrl or ⌘ and Enter sends, Esc leaves and keeps the draft,
// files are dropped or pasted. Without scripts its buttons do all of it.
(() => {
  const form = (at) => at.closest?.("#write-form");
  const words = (of) => of.querySelector("[data-slash]");
  const keep = (text) => text?.dispatchEvent(new Event("change", { bubbles: true }));

  const entered = new WeakSet();
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("[data-slash]") || entered.has(target)) return;
    entered.add(target);
    target.setSelectionRange(target.value.length, target.value.length);
  });

  const leave = (of) => {
    const place = of.closest(".foot-composer");
    keep(words(of));
    if (!place) return words(of)?.blur();
    place.replaceChildren();
    document.querySelector("#thread-foot [data-act=reply]")?.focus();
  };
  document.addEventListener("keydown", (event) => {
    const of = form(event.target);
    if (!of || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      of.querySelector("[data-send]")?.click();
    } else if (event.key === "Escape" && !event.defaultPrevented && !of.querySelector("details.drop[open]")) {
      leave(of);
    } else if (event.key === "Enter" && event.target.matches(".composer-line input")) {
      // Enter in an address is no wish to send.
      event.preventDefault();
      words(of)?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leave]")) leave(form(event.target));
    // It is open already: what is typed stays.
    const again = event.target.closest("#thread-foot [data-act=reply]");
    const text = again && document.querySelector("#thread-foot [data-slash]");
    if (!text) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    text.focus();
  }, true);

  const attach = (of, files) => {
    const input = of.querySelector("#write-attach");
    if (!input || !files.length) return false;
    const chosen = new DataTransfer();
    [...files].forEach((file) => chosen.items.add(file));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  // Dropped anywhere in the conversation, files go into what is being written there.
  const near = (at) => {
    const place = at.closest?.("#write-form, .thread, #dialog");
    return form(at) || place?.querySelector("#write-form");
  };
  document.addEventListener("paste", (event) => {
    const of = form(event.target);
    if (of && attach(of, event.clipboardData.files)) event.preventDefault();
  });
  const hover = (of) => document.querySelectorAll("[data-drop-files]").forEach((box) =>
    box.classList.toggle("is-dropping", Boolean(of?.contains(box))));
  document.addEventListener("dragover", (event) => {
    const of = event.dataTransfer.types.includes("Files") && near(event.target);
    hover(of);
    if (of) event.preventDefault();
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || hover(null));
  document.addEventListener("drop", (event) => {
    const of = event.dataTransfer.files.length && near(event.target);
    hover(null);
    if (!of) return;
    event.preventDefault();
    attach(of, event.dataTransfer.files);
  });
})();
