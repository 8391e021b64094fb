// The selection of a list: it survives paging and refreshes, kept for each view until the tab closes.
// Numbers that were picked, or all of the view; the server resolves either anew. Without this the boxes of one page count.
(() => {
  const MOST = 5000;
  const bar = document.querySelector("#bulk");
  if (!bar) return;
  const key = `picked ${location.pathname} ${bar.elements.view.value}`;
  const kept = JSON.parse(sessionStorage.getItem(key) || "{}");
  let picked = new Set(kept.picked || []);
  let all = Boolean(kept.all);

  const boxes = () => [...document.querySelectorAll("input[name=pick]")];
  const head = () => document.querySelector("#pick-page");

  const show = () => {
    const shown = boxes();
    shown.forEach((box) => (box.checked = all || picked.has(box.value)));
    const on = shown.filter((box) => box.checked).length;
    if (head()) {
      head().checked = on > 0 && on === shown.length;
      head().indeterminate = on > 0 && on < shown.length;
    }
    const idle = !all && picked.size === 0;
    bar.classList.toggle("is-idle", idle);
    document.body.classList.toggle("has-bulk", !idle);
    bar.elements.picked.value = all ? "" : [...picked].join(",");
    bar.elements.all.value = all ? "1" : "";
    bar.querySelector("[data-count]").textContent = all ? bar.querySelector("#matching").textContent || "∗" : picked.size;
    bar.querySelector("[data-all]").hidden = all;
  };

  const keep = () => {
    sessionStorage.setItem(key, JSON.stringify(all ? { all } : { picked: [...picked] }));
    show();
  };

  const pick = (box) => {
    if (all) {
      // One less than all is what this page shows, less that one.
      all = false;
      picked = new Set(boxes().map((other) => other.value));
    }
    if (!box.checked) picked.delete(box.value);
    else if (picked.size < MOST) picked.add(box.value);
  };

  const none = () => {
    all = false;
    picked.clear();
    keep();
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=pick]")) pick(event.target);
    else if (event.target.matches("#pick-page"))
      boxes().forEach((box) => {
        box.checked = event.target.checked;
        pick(box);
      });
    else return;
    keep();
  });
  bar.querySelector("[data-all]").addEventListener("click", () => {
    all = true;
    keep();
  });
  // The bar goes, and the focus that was in it back to the list.
  const clear = () => {
    const inside = bar.contains(document.activeElement);
    none();
    if (inside) [head(), ...boxes()].find((box) => box?.checkVisibility())?.focus();
  };
  bar.querySelector("[data-none]").addEventListener("click", clear);
  // Esc: what is open closes first. Asked before anybody has closed it.
  const OPEN = "dialog[open], [popover]:not(.tip):popover-open, details[data-menu][open], tr.lead[data-opened]";
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !bar.matches(".is-idle") && !document.querySelector(OPEN)) clear();
  }, true);
  document.addEventListener("htmx:afterSettle", show);
  // What was selected is done: htmx fires it for the header of the answer.
  document.addEventListener("bulk-done", none);
  // So it is once a form for it is sent that is not htmx's.
  document.addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
    if (target.matches("[data-bulk]") && !submitter?.hasAttribute("hx-post") && !defaultPrevented)
      sessionStorage.removeItem(key);
  });
  show();
})();
