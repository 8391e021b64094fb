// A row of tabs that scrolls sideways: it fades at an edge that hides some, and buttons there go on to them. The one
// that is open stands in sight, until somebody scrolls themselves, and so does the one that the keyboard is at.
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const mark = (row) => {
    // Less than zero where it is read from the right.
    const [at, most] = [Math.abs(row.scrollLeft), row.scrollWidth - row.clientWidth];
    row.classList.toggle("has-before", at > 1);
    row.classList.toggle("has-after", at < most - 1);
  };
  const show = (row, open) => {
    const [at, within] = [open.getBoundingClientRect(), row.getBoundingClientRect()];
    const fade = parseFloat(getComputedStyle(row).scrollPaddingInlineStart) || 0;
    const edges = ["has-before", "has-after"].map((side) => (row.classList.contains(side) ? fade : 0));
    const [left, right] = document.dir === "rtl" ? edges.reverse() : edges;
    if (at.left >= within.left + left && at.right <= within.right - right) return;
    row.scrollLeft += (at.left + at.right - within.left - within.right) / 2;
  };
  document.querySelectorAll(".views, .area-tabs").forEach((row) => {
    const open = row.querySelector("[aria-current]");
    let own = false;
    // The numbers of the tabs come after the page, and push.
    const sizes = new ResizeObserver(() => {
      mark(row);
      if (open && !own) show(row, open);
    });
    [row, ...row.querySelectorAll("a")].forEach((part) => sizes.observe(part));
    row.addEventListener("scroll", () => mark(row), { passive: true });
    const once = { once: true, passive: true };
    ["wheel", "pointerdown", "focusin"].forEach((act) => row.addEventListener(act, () => (own = true), once));
    // By keyboard alone: under a pointer it would slip away.
    row.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && show(row, target));
    row.parentElement.querySelectorAll(".views-step").forEach((button) =>
      button.addEventListener("click", () => {
        own = true;
        const ahead = button.classList.contains("is-on") === (document.dir !== "rtl");
        row.scrollBy({ left: row.clientWidth * (ahead ? 0.7 : -0.7), behavior: still.matches ? "auto" : "smooth" });
      }),
    );
  });
})();
