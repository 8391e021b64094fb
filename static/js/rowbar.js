// One row of quick actions for the whole list, moved into the row under the pointer or the focus, so that no row
// pays for it in bytes; and the next hollow section of a row's bar, which moves the lead there.
(() => {
  const bar = document.querySelector("#rowbar");
  if (!bar) return;
  const home = bar.parentElement;
  const paths = { log: "reach", move: "move", assign: "assign", priority: "prioritize" };
  const targets = (row) => `${bar.dataset.base}${row.dataset.number}/`;

  const name = (words, row) =>
    words.replace("{title}", row.querySelector("th a").textContent).replace("{step}", row.dataset.next || "");
  const next = (row) => {
    const now = row.querySelector(".plb .now");
    const all = [...row.querySelectorAll(".plb i")];
    return row.dataset.to && now && !row.querySelector(".plb.none") ? all[all.indexOf(now) + 1] : null;
  };
  const place = (row) => {
    const cell = row.querySelector(".val");
    if (!cell || cell === bar.parentElement) return;
    bar.querySelectorAll("[data-act]").forEach((button) => {
      button.ariaLabel = button.title = name(button.dataset.label, row);
      if (button.dataset.act === "plan") button.href = `${bar.dataset.plan}?job=${row.dataset.number}`;
      else if (button.dataset.act === "write") button.href = bar.dataset.write.replace("/0/", `/${row.dataset.number}/`);
      else if (button.matches("a")) button.href = `${targets(row)}${paths[button.dataset.act]}/`;
      else button.hidden = !row.dataset.to;
    });
    document.querySelectorAll(".plb [data-go]").forEach((section) => delete section.dataset.go);
    const section = next(row);
    if (section) section.dataset.go = name(bar.querySelector("button").dataset.label, row);
    cell.append(bar);
    bar.hidden = false;
  };
  const move = (row, source) =>
    htmx.ajax("POST", `${targets(row)}move/`, {
      source,
      swap: "none",
      values: {
        stage: row.dataset.to,
        stay: row.dataset.stay,
        on: "list",
        csrfmiddlewaretoken: bar.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });

  const follow = (event) => {
    const row = event.target.closest?.("tr.lead");
    if (row && !row.hasAttribute("data-busy")) settle();
    if (row && !document.querySelector("#menu:popover-open")) place(row);
  };
  if (matchMedia("(hover: hover)").matches) document.addEventListener("pointerover", follow);
  document.addEventListener("focusin", follow);
  document.addEventListener("rowbar", follow); // swipe.js

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    const row = bar.closest("tr.lead");
    if (button?.dataset.act === "plan") return; // plan.js
    if (!button || !row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (button.matches("button")) move(row, button);
    else if (button.dataset.act === "write") {
      htmx.ajax("GET", button.href, { source: button, target: "#dialog", swap: "innerHTML" });
    }
    else htmx.ajax("GET", `${button.href}?on=list`, { source: button, target: "#menu", swap: "innerHTML" });
  });
  document.addEventListener("click", (event) => {
    const section = event.target.closest?.(".plb [data-go]");
    if (section) move(section.closest("tr.lead"), bar.querySelector("button"));
  });

  // Under the pointer that just moved it a row stays where it is, or the next click would move another lead.
  const STAYS = 6000; // milliseconds
  const settle = () => document.querySelectorAll("tr[data-busy]").forEach((row) => row.removeAttribute("data-busy"));
  const hold = (row) => {
    row.setAttribute("data-busy", "");
    setTimeout(() => row.removeAttribute("data-busy"), STAYS);
  };

  // A row that is drawn anew must not take the bar with it.
  let kept;
  const rescue = (event) => {
    const gone = event.detail.target;
    if (!gone?.contains?.(bar)) return;
    const focused = bar.contains(document.activeElement) && document.activeElement;
    kept = { row: bar.closest("tr.lead")?.id, own: gone.matches("tr"), focused };
    bar.hidden = true;
    home.append(bar);
  };
  const restore = () => {
    const row = kept && document.getElementById(kept.row);
    if (row) place(row);
    if (row && kept.own) hold(row);
    if (row && kept.focused) (kept.focused.hidden ? row.querySelector("th a") : kept.focused).focus();
    kept = undefined;
  };
  document.addEventListener("htmx:beforeSwap", rescue);
  document.addEventListener("htmx:oobBeforeSwap", rescue);
  document.addEventListener("htmx:afterSettle", restore);
})();
