// Who called from a lead's page logs it next: the first fitting way has the focus when they are back. Whoever clicks how
// it went goes on to what comes next.
document.addEventListener("click", (event) => {
  if (event.target.closest("a.is-reach[href^='tel:']")) document.querySelector('#write [name=contact][value^="call:"]')?.focus();
  const outcome = event.pointerType === "mouse" && event.target.closest(".outcomes label");
  // The label gives the focus to its own field first.
  if (outcome) setTimeout(() => outcome.closest("form").querySelector("[name=then]")?.focus());
});
