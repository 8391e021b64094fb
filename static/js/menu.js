// Menus and panels are <details>: they work without this. Here: Esc and a click elsewhere close them.
// In a form that was opened in the place of a fact Enter saves, in a choice too, and Esc cancels.
(() => {
  const open = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("click", (event) => {
    open().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("form.is-inline select")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    if (event.key !== "Escape") return;
    event.target.closest?.("form.is-inline")?.querySelector("[data-cancel]").click();
    open().forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.removeAttribute("open");
      if (inside) menu.querySelector("summary").focus();
    });
  });
})();

// The page that is open stands in sight where the navigation is taller than the window.
document.querySelector(".nav-parts [aria-current]")?.scrollIntoView({ block: "nearest" });
