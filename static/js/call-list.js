// The call list: Enter in the note saves it, Shift and Enter begin a line.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-enter]");
  if (!form || event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("textarea")) return;
  event.preventDefault();
  form.requestSubmit();
});
