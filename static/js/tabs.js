// Of a row of tabs that scrolls sideways, the one that is open stands in sight, until somebody scrolls themselves.
(() => {
  const open = document.querySelector(".views [aria-current]");
  const row = open?.parentElement;
  if (!row) return;
  const show = () => {
    const [at, within] = [open.getBoundingClientRect(), row.getBoundingClientRect()];
    if (at.left >= within.left && at.right <= within.right) return;
    row.scrollLeft += (at.left + at.right - within.left - within.right) / 2;
  };
  // The numbers of the tabs come after the page, and push.
  const sizes = new ResizeObserver(show);
  row.querySelectorAll("a").forEach((tab) => sizes.observe(tab));
  ["wheel", "pointerdown", "focusin"].forEach((act) => row.addEventListener(act, () => sizes.disconnect(), { once: true }));
})();
