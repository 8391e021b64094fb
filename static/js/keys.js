// Single keys, as the help dialog lists them ([data-keys] → [data-does]); its switch turns them off (WCAG 2.1.4).
// Not while typing, nor while a dialog or a menu is open. A key without anything to do on the page does nothing.
(() => {
  const help = document.getElementById("keys");
  if (!help) return;
  const allowed = document.getElementById("single-keys");
  const listed = [...help.querySelectorAll("[data-keys]")].map((one) => one.dataset);
  const acts = new Map(listed.filter((one) => !one.within).map((one) => [one.keys, one.does]));
  // What a key means where something is on the page goes before what it means elsewhere.
  const meaning = (keys) =>
    listed.find((one) => one.keys === keys && one.within && document.getElementById(one.within))?.does ?? acts.get(keys);
  const here = (one) => !one.within || document.getElementById(one.within);
  const ROW = "tr.lead, .todo-row, .ticket, .callback, .update-row, .board-card:not(.is-ghost)";
  const LINK = "th a, .what a, h2 a, h3 a";
  let first = ""; // of two keys, one after the other
  let timer;
  let last = ""; // the row that had the focus: from there it goes on when the focus is nowhere
  let place = -1; // where in the list it stood: what is gone leaves its place to the next
  document.addEventListener("focusin", (event) => {
    const id = event.target.closest(ROW)?.id;
    if (!id) return;
    last = id;
    place = [...document.querySelectorAll(ROW)].findIndex((one) => one.id === id);
  });
  const row = () => document.activeElement?.closest(ROW);
  const link = (of) => of?.querySelector(LINK);
  const step = (by) => {
    const all = [...document.querySelectorAll(ROW)].filter((one) => link(one));
    const at = all.indexOf(row() || document.querySelector(".ticket.is-open") || document.getElementById(last));
    const gone = place < 0 ? 0 : place + Math.min(by, 0);
    link(all[Math.max(0, Math.min(all.length - 1, at < 0 ? gone : at + by))])?.focus();
  };
  // The open conversation, unless the focus is in the row of another: that one is to be opened first.
  const opened = () => {
    const open = document.querySelector("#conversation[data-number]");
    return open && (!row() || row().dataset.number === open.dataset.number) ? open : null;
  };
  // What stands in the bar of a selection, in the row at hand or, on a page about one thing, anywhere in it.
  const press = (act) => {
    const many = document.querySelector(`#bulk:not(.is-idle) [data-act="${act}"]`);
    if (many) return many.click();
    // The quick actions may have followed the pointer to another row.
    row()?.dispatchEvent(new CustomEvent("rowbar", { bubbles: true }));
    const place = opened() || row() || (document.querySelector(ROW) ? null : document.getElementById("main"));
    place?.querySelector(`[data-act="${act}"]`)?.click();
  };
  // What it unfolds is to be written in at once.
  const unfold = (act) => {
    const folded = (row() || document.querySelector(ROW))?.querySelector(`[data-act="${act}"]`)?.closest("details");
    if (!folded) return;
    folded.open = true;
    folded.querySelector("textarea, input:not([type=hidden])")?.focus();
  };
  // A form that neither has a button for everywhere: of the row at hand, or of the page's lead.
  const ask = (form) => {
    const bar = document.querySelector("#rowbar");
    const acts = document.querySelector("#acts[data-base]");
    const at = row() && bar ? `${bar.dataset.base}${row().dataset.number}/` : acts?.dataset.base;
    if (!at || (row() && !row().dataset.stay)) return;
    const source = link(row()) || acts.querySelector("[data-act]");
    htmx.ajax("GET", `${at}${form}/?on=${row() ? "list" : "lead"}`, { source, target: "#dialog", swap: "innerHTML" });
  };
  const isSelected = () => document.querySelector("#bulk:not(.is-idle)");
  // A lead's page has a line for it.
  const plan = () => (row() || isSelected() ? press("plan") : document.querySelector("#next-step [name=text]")?.focus());
  // It has the ways to have been in touch, too: the first is chosen, the arrows choose another, and Enter logs it.
  const log = () => {
    const way = document.querySelector("#write [name=contact]");
    if (row() || !way) return press("log");
    way.checked = true;
    way.focus();
  };
  const go = (name) => document.querySelector(`#go [data-go="${name}"]`)?.click();
  const doing = {
    "row-next": () => step(1),
    "row-previous": () => step(-1),
    "row-open": () => link(row())?.click(),
    pick: () => row()?.querySelector("input.check[name=pick]")?.click(),
    new: () => document.querySelector(".page-actions [data-act=new]")?.click(),
    palette: () => document.dispatchEvent(new Event("palette:open")),
    help: () => help.showModal(),
    plan: () => plan(),
    steps: () => press("move"),
    log: () => log(),
    "write-here": () => press("write"),
    "write-follow-up": () => press("write"),
    hold: () => ask("pause"),
    lose: () => ask("lose"),
    note: () => document.getElementById("note-body")?.focus(),
    "call-note": () => document.getElementById("note-body")?.focus(),
    "call-undo": () => document.querySelector(".toast [data-act=undo]")?.click(),
    "update-edit": () => unfold("update-edit"),
    "update-skip": () => unfold("update-skip"),
    "update-pause": () => unfold("update-pause"),
  };
  // "go:" and a page of the navigation; what is not named above is pressed.
  const acting = (named) => (named.startsWith("go:") ? () => go(named.slice(3)) : doing[named] || (() => press(named)));
  // A field in a dialog that has just closed keeps the focus for a moment.
  const busy = (target) =>
    target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")?.checkVisibility() ||
    document.querySelector("dialog[open], [popover]:not(.tip):popover-open, details[data-menu][open]");
  const forget = () => {
    clearTimeout(timer);
    first = "";
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!allowed.checked || event.key.length !== 1 || busy(event.target)) return;
    const pressed = first ? `${first} ${event.key}` : event.key;
    forget();
    const named = meaning(pressed);
    const act = named && acting(named);
    // The first of two keys, on the page it is for, goes before what it means by itself elsewhere.
    const begins = listed.filter((one) => one.keys.startsWith(`${event.key} `) && here(one));
    if (act && (pressed !== event.key || !begins.some((one) => one.within))) {
      event.preventDefault();
      if (!event.repeat || pressed === "j" || pressed === "k") act();
    } else if (begins.length) {
      first = event.key;
      timer = setTimeout(forget, 2000);
    }
  });
  // The palette's lines that the page does itself.
  document.addEventListener("act", ({ detail }) => acting(detail)());
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open=keys]")) {
      event.preventDefault();
      event.target.closest("[popover]")?.hidePopover();
      help.showModal();
    } else if (event.target === help || (help.contains(event.target) && event.target.closest("[data-close]"))) help.close();
  });
})();
