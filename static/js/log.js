// Who called from a lead's page logs it next: the first fitting way has the focus when they are back.
document.addEventListener("click", (event) => {
  if (event.target.closest("a.is-reach[href^='tel:']")) document.querySelector('#write [name=contact][value^="call:"]')?.focus();
});
