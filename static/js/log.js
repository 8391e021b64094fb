// Who called, texted or emailed from a lead's page logs it next: the first fitting way has the focus when they are back.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.is-reach");
  if (!link) return;
  const kind = { "tel:": "call", "sms:": "text", "mailto:": "email" }[new URL(link.href).protocol];
  document.querySelector(`#write [name=contact][value^="${kind}:"]`)?.focus();
});
