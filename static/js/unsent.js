// On a page: send what waits, now and when the signal is back; and let nobody sign out without a word about it.
(() => {
  addEventListener("online", outbox.flush);
  if (document.querySelector("form[data-member]")) outbox.flush();

  const dialog = document.getElementById("unsent");
  // A store that can't be read keeps nobody signed in.
  const count = (member) => outbox.of(member).then((acts) => acts.length, () => 0);
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const { member } = form.dataset;
    if (!member || !dialog || dialog.returnValue === "delete") return;
    event.preventDefault();
    if (await count(member)) await outbox.flush();
    const length = await count(member);
    if (length) {
      dialog.querySelector("[data-one]").textContent = length === 1
        ? dialog.querySelector("[data-one]").dataset.one
        : dialog.querySelector("[data-one]").dataset.many.replace("{n}", length);
      dialog.returnValue = "";
      dialog.showModal();
      await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
      if (dialog.returnValue !== "delete") return;
      await outbox.empty(member);
    }
    dialog.returnValue = "delete";
    form.requestSubmit();
  }, { capture: true });
})();
