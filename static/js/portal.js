// The customer's pages: a form that is under way is sent once, and the files that were chosen are named.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // A file that comes in answer leaves the page as it is.
  setTimeout(() => delete form.dataset.sent, 8000);
});
// Back from the browser's own history the page is as it was left.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
{
  // The field itself is hidden below its button.
  const nameFiles = (field) => {
    const names = [...field.files].map((file) => file.name);
    document.getElementById(field.dataset.names).textContent = names.join(", ");
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[data-names]")) nameFiles(event.target);
  });
  // A browser keeps what was chosen when the page is loaded again.
  for (const field of document.querySelectorAll("input[data-names]")) nameFiles(field);
}
