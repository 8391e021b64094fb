// After a row has moved elsewhere in its list, or left it, the focus stays where one was working: it goes to the row that
// has taken its place. Without this the next key would be meant for a row that is out of sight.
(() => {
  const ROW = "tr.lead, .board-card:not(.is-ghost)";
  const LINK = "th a, h3 a";
  const PLACES = "#rows, #board";
  const rowsOf = (place) => [...place.querySelectorAll(ROW)];
  const columnOf = (row) => row.closest(".board-col")?.id || "";
  let worked; // the row that had the focus last, as long as nothing else in the page has taken it
  let place; // where it stood before a list was drawn anew

  document.addEventListener("focusin", ({ target }) => {
    if (target.closest("#menu, #dialog")) return;
    worked = target.closest(ROW)?.id;
  });
  const remember = ({ detail }) => {
    const list = detail.target?.closest?.(PLACES);
    const row = worked && document.getElementById(worked);
    if (detail.target !== list || !row || !list.contains(row)) return;
    const rows = rowsOf(list);
    const at = rows.indexOf(row);
    place = {
      list: `#${list.id}`,
      id: row.id,
      column: columnOf(row),
      before: rows.slice(0, at).reverse().map((one) => one.id),
      after: rows.slice(at + 1).map((one) => one.id),
    };
  };
  // The nearest of those that stood before or after it, in its column.
  const nearest = (rows, ids) =>
    ids.map((id) => rows.find((row) => row.id === id)).find((row) => row && columnOf(row) === place.column);
  const successor = (rows) => {
    const row = rows.find((one) => one.id === place.id);
    const [previous, next] = [nearest(rows, place.before), nearest(rows, place.after)];
    const at = rows.indexOf(row);
    const isBehind = !previous || rows.indexOf(previous) < at;
    const isAhead = !next || at < rows.indexOf(next);
    if (row && columnOf(row) === place.column && isBehind && isAhead) return null;
    return next || previous;
  };
  document.addEventListener("htmx:beforeSwap", remember);
  document.addEventListener("htmx:oobBeforeSwap", remember);
  document.addEventListener("htmx:afterSettle", () => {
    const list = place && document.querySelector(place.list);
    if (!list) return;
    const row = successor(rowsOf(list));
    place = undefined;
    const at = document.activeElement;
    if (row && (at === document.body || at.id === "main" || at.closest(ROW))) row.querySelector(LINK)?.focus();
  });
})();
