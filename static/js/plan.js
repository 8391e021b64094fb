// A link to planning a lead's next step opens its one line in the frame's dialog; without scripts it is a page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-act=plan]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.href, { source: link, target: "#dialog", swap: "innerHTML" });
});
