// A region that shows what others change ([data-topics], with an id and hx-trigger="hint") asks for itself again when
// the document hears of its topics: soon, not all tabs at once, and never while somebody is in the middle of something.
(() => {
  const SPREAD = 1000, LATER = 3, REST = 3000, AGAIN = 1000, AFTER_FAILURE = 10000, TOLD = 15000; // milliseconds
  const due = new Map(); // id of a region: when it asks
  const asked = new Map(); // id of a region: when it last did
  const acted = new Map(); // id of a region or part: when one's own act last put something into it
  let timer, pressed = false;

  const cares = (region, topics) => region.dataset.topics.split(" ").some((own) =>
    topics.includes("*") || topics.includes(own) || (own.startsWith("job:") && topics.includes("job:*")));

  // What a refresh replaces: the region, and what comes along with it.
  const partsOf = (region) => {
    const others = region.dataset.parts || region.getAttribute("hx-select-oob");
    return others ? [region, ...document.querySelectorAll(others)] : [region];
  };

  // htmx gives the focus back by id, but not to a field with half a sentence in it.
  const holdsFocus = (part) => {
    const at = document.activeElement;
    if (!at || at === part || !part.contains(at)) return false;
    return !at.id || at.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
  };
  const holdsSelection = (part) => {
    const chosen = getSelection();
    return !chosen.isCollapsed && (part.contains(chosen.anchorNode) || part.contains(chosen.focusNode));
  };
  // data-kept: a script of its own lays the choice again after a refresh.
  const isChanged = (field) => {
    if (field.matches("[type=hidden], [data-kept]")) return false;
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, 0);
  };
  // What one's own act has just put there stays under the pointer; what it said, and its undo, as long as a toast.
  const isFresh = (part) => {
    const ago = Date.now() - (acted.get(part.id) || 0);
    return ago < REST || (ago < TOLD && part.querySelector("[role=status]:not(:empty), [role=alert]:not(:empty)"));
  };
  const OVER_ALL = "dialog[open], [popover]:not([popover=manual]):popover-open";
  const OPEN = "details[open], [data-opened], [data-busy], .htmx-request";
  const isBusy = (region) => pressed || document.querySelector(OVER_ALL) || partsOf(region).some((part) =>
    part.matches("[data-busy], .htmx-request") || part.querySelector(OPEN) || holdsFocus(part) || holdsSelection(part)
    || isFresh(part) || [...part.querySelectorAll("input, textarea, select")].some(isChanged));

  const ask = () => {
    const now = Date.now();
    due.forEach((at, id) => {
      const region = document.getElementById(id);
      if (!region) due.delete(id);
      else if (at <= now && isBusy(region)) due.set(id, now + AGAIN);
      else if (at <= now) htmx.trigger(region, "hint");
    });
    schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    if (due.size && !document.hidden) timer = setTimeout(ask, Math.max(0, Math.min(...due.values()) - Date.now()));
  };

  // data-later: numbers, which may come after what they count. data-watched: work somebody waits for, on a page or two.
  const soon = (region) => {
    const [first, spread] = "later" in region.dataset ? [SPREAD, LATER * SPREAD] : [0, SPREAD];
    return Date.now() + first + Math.random() * ("watched" in region.dataset ? 0 : spread);
  };
  const rest = (region) => "watched" in region.dataset ? SPREAD : REST + Math.random() * SPREAD;

  document.addEventListener("topics", ({ detail }) => {
    document.querySelectorAll("[data-topics]").forEach((region) => {
      if (!cares(region, detail) || due.has(region.id)) return;
      due.set(region.id, Math.max(soon(region), (asked.get(region.id) || 0) + rest(region)));
    });
    schedule();
  });
  document.addEventListener("crossed", ({ detail }) => {
    due.set(detail.id, soon(detail));
    schedule();
  });
  // However it came to ask: what was told before is answered by it, what is told from now on is not.
  document.addEventListener("htmx:beforeRequest", ({ detail, target }) => {
    if (detail.elt !== target || !target.dataset.topics || detail.requestConfig.verb !== "get") return;
    due.delete(target.id);
    asked.set(target.id, Date.now());
  });
  document.addEventListener("htmx:afterSettle", ({ detail, target }) => {
    if (!detail.requestConfig || detail.requestConfig.verb === "get") return;
    for (let at = target; at; at = at.parentElement) if (at.id) acted.set(at.id, Date.now());
  });
  ["htmx:sendError", "htmx:responseError"].forEach((name) => document.addEventListener(name, ({ detail, target }) => {
    const refused = detail.xhr && detail.xhr.status >= 400 && detail.xhr.status < 500; // gone, or not ours any more
    if (refused || !target.dataset || !target.dataset.topics) return;
    due.set(target.id, Date.now() + AFTER_FAILURE);
    schedule();
  }));
  // What asks for parts elsewhere on the page (hx-swap=none) and is taken away meanwhile: htmx would look for them in
  // what was taken away. Numbers are asked for again by the rows that came instead.
  document.addEventListener("htmx:beforeCleanupElement", ({ target }) => {
    if (target.matches?.("[hx-get][hx-swap=none]")) htmx.trigger(target, "htmx:abort");
  });
  document.addEventListener("visibilitychange", schedule);
  // A row that goes between press and release takes the click along.
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach((name) => document.addEventListener(name, () => { pressed = false; }, true));
})();
