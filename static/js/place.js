// Back on a list one finds the same filters, scroll and row, with the focus on it: by the browser's button and by the
// path in a page's head (a[data-back]). Kept for each list ([data-place]) until the tab closes: addresses and ids alone.
(() => {
  const ROWS = "tr.lead, .todo-row, .board-card";
  const LINK = "th a, .what a, h3 a";
  const RETURNS = "place returns"; // the address that a path led back to
  const read = (root) => JSON.parse(sessionStorage.getItem(`place ${root}`) || "null");
  const write = (root, place) => sessionStorage.setItem(`place ${root}`, JSON.stringify(place));

  const back = document.querySelector("a[data-back]");
  const root = back?.getAttribute("href");
  const left = root && read(root);
  if (left) {
    back.href = left.url;
    back.addEventListener("click", () => sessionStorage.setItem(RETURNS, left.url));
    // By the arrows to another lead of the list: it is the place now.
    const own = left.rows.find((id) => id.slice(1) === back.dataset.back);
    if (own) write(root, { ...left, row: own });
  }

  const list = document.querySelector("[data-place]");
  if (!list) return;
  const here = location.pathname + location.search;
  const rows = () => [...list.querySelectorAll(ROWS)];
  let opened; // a browser that gives no focus to a link that is clicked

  const keep = () => {
    const row = document.activeElement?.closest(ROWS) || opened;
    write(list.dataset.place, {
      url: here,
      row: row?.id || "",
      rows: rows().map((one) => one.id),
      scroll: [list.scrollLeft, list.scrollTop, scrollY],
    });
  };
  const restore = () => {
    const place = read(list.dataset.place);
    if (place?.url !== here) return;
    const [x, y, page] = place.scroll;
    list.scrollTo(x, y);
    scrollTo(0, page);
    // One that is gone by now: the next of those that came after it, or before.
    const at = place.rows.indexOf(place.row);
    if (at < 0) return;
    const near = [...place.rows.slice(at), ...place.rows.slice(0, at).reverse()];
    const row = near.map((id) => document.getElementById(id)).find(Boolean);
    row?.scrollIntoView({ block: "nearest", inline: "nearest" });
    row?.querySelector(LINK)?.focus({ preventScroll: true });
  };

  document.addEventListener("click", (event) => { opened = event.target.closest?.(LINK)?.closest(ROWS); }, true);
  addEventListener("pagehide", keep);
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const returns = sessionStorage.getItem(RETURNS) === here;
  sessionStorage.removeItem(RETURNS);
  if (isBack || returns) restore();
})();
