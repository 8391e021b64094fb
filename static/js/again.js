// Parts of a customer's page that ask again every half minute while somebody looks; 304 leaves them as they are.
// The answer holds each piece by its id. Whoever is in one, by keyboard or finger, is not disturbed.
{
  const EVERY = 30_000;

  for (const part of document.querySelectorAll("[data-again]")) {
    let mark = part.dataset.mark;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const headers = { "HX-Request": "true", "If-None-Match": mark };
        const answer = await fetch(part.dataset.again, { headers, cache: "no-store", redirect: "error" });
        if (answer.status !== 200 || !answer.headers.get("ETag")) return;
        const fresh = document.createElement("template");
        fresh.innerHTML = await answer.text();
        const pieces = [...fresh.content.children].map((piece) => [document.getElementById(piece.id), piece]);
        if (pieces.some(([shown]) => shown?.contains(document.activeElement))) return;
        mark = answer.headers.get("ETag");
        for (const [shown, piece] of pieces) shown?.replaceChildren(...piece.childNodes);
      } catch {
        // Without a connection the page stays as it is.
      }
    };
    setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", ask);
  }
}
