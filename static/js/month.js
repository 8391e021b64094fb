// The days of a month are one stop of the Tab key: arrows go from day to day and from member to member, Home and End to
// the first and last day. Without this script each day is a link like any other.
(() => {
  const table = document.querySelector("[data-month]");
  if (!table) return;
  const links = (row) => [...row.querySelectorAll("td > a")];
  const all = links(table);
  const take = (link, focus) => {
    if (!link) return;
    all.forEach((one) => { one.tabIndex = one === link ? 0 : -1; });
    if (focus) link.focus();
  };
  take(table.querySelector("td.is-today > a") || all[0]);

  // The cell that stands below or above, by where it stands and not by its number: an absence is wider.
  const beside = (link, row) => {
    const at = link.getBoundingClientRect().left + 2;
    return row && links(row).find((one) => one.getBoundingClientRect().right > at);
  };
  table.addEventListener("focusin", (event) => {
    const link = event.target.closest("td > a");
    if (link) take(link);
  });
  table.addEventListener("keydown", (event) => {
    const link = event.target.closest("td > a");
    if (!link || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const row = link.closest("tr");
    const days = links(row);
    const step = getComputedStyle(table).direction === "rtl" ? -1 : 1;
    const next = {
      ArrowRight: () => days[days.indexOf(link) + step],
      ArrowLeft: () => days[days.indexOf(link) - step],
      ArrowDown: () => beside(link, row.nextElementSibling),
      ArrowUp: () => beside(link, row.previousElementSibling),
      Home: () => days[0],
      End: () => days.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    take(next(), true);
  });
})();
