// The list of templates and macros of a composer: "/" at the beginning of a line opens it, typing narrows it, the arrows walk it,
// Enter takes one, Esc goes back. And the countdown of WhatsApp's window. Without scripts a plain choice stands there.
(() => {
  const SHOWN_AFTER = 150, TICK = 20000; // milliseconds
  let timer;

  const picker = (at) => at.closest("[data-picker]");
  const options = (at) => [...picker(at).querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  const active = (at) => picker(at).querySelector("[aria-selected=true]");

  const preview = (option) => {
    clearTimeout(timer);
    const view = picker(option).querySelector("[data-view]");
    timer = setTimeout(() => {
      if (view.checkVisibility()) htmx.ajax("GET", option.dataset.preview, { target: view, swap: "innerHTML" });
    }, SHOWN_AFTER);
  };
  const walkTo = (option) => {
    if (!option || option.getAttribute("aria-selected") === "true") return;
    active(option)?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    picker(option).querySelector("[data-find]").setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
    preview(option);
  };
  const narrow = (find) => {
    const words = find.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    picker(find).querySelectorAll("[role=option]").forEach((option) => {
      const text = option.textContent.toLocaleLowerCase();
      option.hidden = !words.every((word) => text.includes(word));
    });
    const left = options(find);
    picker(find).querySelector("[data-none]").hidden = left.length > 0;
    if (active(find)?.hidden) active(find).setAttribute("aria-selected", "false");
    walkTo(left[0]);
  };
  const open = (details) => {
    details.open = true;
    const find = details.querySelector("[data-find]");
    find.focus();
    narrow(find);
    details.querySelector(".picker-panel").scrollIntoView({ block: "nearest" });
  };
  const close = (details) => {
    details.open = false;
    details.closest("form").querySelector("[data-slash]")?.focus();
  };

  document.addEventListener("beforeinput", (event) => {
    const text = event.target;
    if (event.data !== "/" || !text.matches("[data-slash]")) return;
    const before = text.value.slice(0, text.selectionStart);
    const details = text.closest("form").querySelector("details[data-picker]");
    if (!details || (before && !before.endsWith("\n"))) return;
    event.preventDefault();
    open(details);
  });
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches?.("details[data-picker]") && target.open) open(target);
  }, true);
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-find]")) narrow(target);
  });
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!at.closest?.("[data-picker]")) return;
    if (event.key === "Escape" && picker(at).open) {
      event.preventDefault();
      event.stopPropagation();
      close(picker(at));
    }
    if (!at.matches("[data-find]")) return;
    const all = options(at), now = all.indexOf(active(at));
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Enter" || to !== undefined) event.preventDefault();
    if (event.key === "Enter") active(at)?.click();
    else if (to !== undefined) walkTo(all[Math.min(Math.max(to, 0), all.length - 1)]);
  }, true);
  // One composer a page, as its fields have ids: one in the dialog takes the place of one below it, whose draft is kept.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "dialog" || !detail.serverResponse.includes('id="write-form"')) return;
    document.querySelectorAll("#composer").forEach((at) => at.closest("dialog") || at.replaceChildren());
  });
  // A pointer that rests where the list opens chooses nothing.
  document.addEventListener("pointermove", ({ target, movementX, movementY }) => {
    const option = (movementX || movementY) && target.closest?.("[data-picker] [role=option]");
    if (option) walkTo(option);
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-use]")) active(target)?.click();
    // What is done at once draws nothing anew: the list goes.
    const once = target.closest("details[data-picker] [data-once]");
    if (once) close(picker(once));
    document.querySelectorAll("details[data-picker][open]").forEach((details) => {
      if (!details.contains(target)) details.open = false;
    });
  });

  const count = () => document.querySelectorAll("[data-until]").forEach((at) => {
    const minutes = Math.floor((Date.parse(at.dataset.until) - Date.now()) / 60000);
    if (minutes < 0) htmx.ajax("GET", at.dataset.again, { target: at.dataset.target, swap: "innerHTML" });
    else {
      const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
      at.textContent = (hours ? at.dataset.hours : at.dataset.minutes).replace("{h}", hours).replace("{m}", rest);
    }
  });
  setInterval(count, TICK);
})();
