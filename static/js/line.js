// The next section of the bar on a lead's page moves the lead there, as in the list (rowbar.js): by the page's own button.
(() => {
  const button = () => document.querySelector("#acts [data-act=move-next]");
  const mark = () => {
    const now = document.querySelector("#line .plb:not(.none) .now");
    const sections = [...document.querySelectorAll("#line .plb i")];
    const next = now && button() && sections[sections.indexOf(now) + 1];
    if (next) next.dataset.go = button().innerText.trim() || button().textContent.trim();
  };
  document.addEventListener("click", (event) => event.target.closest?.("#line [data-go]") && button()?.click());
  document.addEventListener("htmx:afterSettle", mark);
  mark();
})();
