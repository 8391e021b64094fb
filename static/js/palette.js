// The palette: Ctrl K (⌘K on a Mac) or a click on the search box open it; arrows choose, Enter opens, Esc closes.
// A combobox with a list: the focus stays in the field, aria-activedescendant names the chosen line.
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = palette.querySelector("[name=q]");
  const list = document.getElementById("palette-list");
  const lines = () => [...list.querySelectorAll("[role=option]")];
  let chosen = 0;
  let fresh = false; // whether the lines are those of what is typed
  let hasty = false; // Enter came before they were
  let hand = {}; // what it can act on: the selection, or the lead of the row or page at hand

  if (/^(Mac|iP)/.test(navigator.platform)) {
    document.querySelectorAll("kbd[data-mac]").forEach((key) => { key.textContent = key.dataset.mac; });
  }
  const inHand = () => {
    const selected = document.querySelector("#bulk:not(.is-idle) [data-count]")?.textContent;
    const row = document.activeElement?.closest("tr.lead")?.dataset.number;
    const page = document.querySelector("#acts[data-number]")?.dataset.number;
    if (selected) return { selected };
    return row || page ? { job: row || page, on: row ? "list" : "lead" } : {};
  };

  const choose = (at) => {
    const all = lines();
    chosen = all.length ? (at + all.length) % all.length : 0;
    all.forEach((line, nth) => {
      line.id = `palette-${nth}`;
      line.setAttribute("aria-selected", nth === chosen);
    });
    field.setAttribute("aria-activedescendant", all.length ? all[chosen].id : "");
    all[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const open = () => {
    if (document.querySelector("dialog[open]")) return;
    field.value = "";
    hand = inHand();
    fresh = hasty = false;
    palette.showModal();
    field.focus();
    htmx.trigger(field, "palette");
  };
  const go = (elsewhere) => {
    const line = lines()[chosen];
    if (!line) return;
    if (elsewhere && line.href) window.open(line.href, "_blank", "noopener");
    else line.click();
  };

  document.addEventListener("keydown", (event) => {
    if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    palette.open ? palette.close() : open();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("#find, [data-open=palette]");
    if (!opener) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("palette:open", open);

  field.addEventListener("htmx:configRequest", ({ detail }) => Object.assign(detail.parameters, hand));
  field.addEventListener("input", () => (fresh = false));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Enter" && !event.isComposing) fresh ? go(event.metaKey || event.ctrlKey) : (hasty = true);
    else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    // An answer to what was typed before is not what Enter means.
    fresh = event.detail.requestConfig.parameters.q === field.value;
    list.scrollTop = 0;
    choose(0);
    if (!fresh) return;
    if (hasty) go(false);
    hasty = false;
  });
  palette.addEventListener("click", (event) => {
    const inside = event.target.closest("[data-close], [role=option]");
    if (event.target === palette || inside) palette.close();
    // Once the focus is back in the row it was in (keys.js).
    const act = inside?.dataset.press;
    if (act) document.dispatchEvent(new CustomEvent("act", { detail: act }));
  });
})();
