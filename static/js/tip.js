// One tip for all pipeline bars, on hover and when a row gets keyboard focus; Esc hides it (WCAG 1.4.13).
// Its text is the bar's own aria-label, so no row pays for it in bytes.
(() => {
  const tip = Object.assign(document.createElement("div"), { className: "tip", popover: "manual", ariaHidden: "true" });
  document.body.append(tip);

  // `go`: over the section that a click moves it to (rowbar.js), the tip says so.
  const show = (bar, go) => {
    const [first, ...rest] = bar.getAttribute("aria-label").split(". ");
    const title = Object.assign(document.createElement("b"), { textContent: go || first.replace(/\.$/, "") });
    tip.replaceChildren(title, go ? "" : rest.join(". "));
    tip.showPopover();
    const at = (bar.querySelector(".now") || bar).getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const middle = at.left + at.width / 2 - size.width / 2;
    const above = at.top - size.height - 10;
    tip.style.left = `${Math.max(8, Math.min(innerWidth - size.width - 8, middle))}px`;
    tip.style.top = `${above < 8 ? at.bottom + 24 : above}px`;
  };
  const hide = () => tip.matches(":popover-open") && tip.hidePopover();

  document.addEventListener("pointerover", (event) => {
    const bar = event.target.closest?.(".plb");
    bar ? show(bar, event.target.closest("[data-go]")?.dataset.go) : hide();
  });
  document.addEventListener("focusin", (event) => {
    const bar = event.target.closest?.(".lead")?.querySelector(".plb");
    if (!bar || !event.target.matches(":focus-visible")) return hide();
    // A menu that closes gives the focus back while it does, and then nothing else may be shown.
    requestAnimationFrame(() => document.activeElement === event.target && show(bar));
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", hide, { capture: true, passive: true });
})();
