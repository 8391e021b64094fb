// A customer's quote: its price follows what is chosen, a signature is drawn, and the page tells how long it was read.
// Without scripts a button shows the price, the typed name is the signature, and a picture tells that it was opened.
{
  const form = document.querySelector("form[data-price]");
  let asked;

  const showPrice = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    try {
      const headers = { "HX-Request": "true" };
      const answer = await fetch(form.dataset.price, { method: "POST", body, headers, signal: asked.signal });
      const elsewhere = answer.headers.get("HX-Redirect");
      if (elsewhere) return location.assign(elsewhere);
      if (!answer.ok) return location.reload();
      const fresh = document.createElement("template");
      fresh.innerHTML = await answer.text();
      const focused = document.activeElement?.id;
      for (const piece of fresh.content.children) {
        document.getElementById(piece.id)?.replaceChildren(...piece.childNodes);
      }
      if (focused) document.getElementById(focused)?.focus();
    } catch (error) {
      if (error.name !== "AbortError") document.querySelector("#offer-price small").textContent = form.dataset.failed;
    }
  };
  form?.addEventListener("change", (event) => {
    if (event.target.matches("[name=option], [name=line]")) showPrice();
  });
}
{
  const WIDTH = 1000;
  const HEIGHT = 400;
  const field = document.querySelector("[data-sign]");

  const beginSigning = () => {
    const box = field.querySelector(".signbox");
    const canvas = box.querySelector("canvas");
    const typed = box.querySelector("output");
    const name = document.getElementById("sign-name");
    const method = field.querySelector("[name=method]");
    const kept = field.querySelector("[name=strokes]");
    let strokes = kept.value ? JSON.parse(kept.value) : [];

    const draw = () => {
      const scale = devicePixelRatio || 1;
      canvas.width = canvas.clientWidth * scale;
      canvas.height = canvas.clientHeight * scale;
      const pen = canvas.getContext("2d");
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 2.25 * scale;
      pen.lineCap = "round";
      pen.lineJoin = "round";
      for (const stroke of strokes) {
        pen.beginPath();
        for (let at = 0; at < stroke.length; at += 2) {
          pen.lineTo((stroke[at] / WIDTH) * canvas.width, (stroke[at + 1] / HEIGHT) * canvas.height);
        }
        pen.stroke();
      }
    };
    const choose = (way) => {
      method.value = way;
      field.dataset.method = way;
      kept.value = way === "drawn" && strokes.length ? JSON.stringify(strokes) : "";
      typed.textContent = name.value;
      draw();
    };
    const pointOf = (event) => {
      const place = canvas.getBoundingClientRect();
      const within = (part, most) => Math.round(Math.min(Math.max(part, 0), 1) * most);
      return [
        within((event.clientX - place.left) / place.width, WIDTH),
        within((event.clientY - place.top) / place.height, HEIGHT),
      ];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      strokes.push(pointOf(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      strokes.at(-1).push(...pointOf(event));
      draw();
    });
    canvas.addEventListener("lostpointercapture", () => {
      // A tap is a dot.
      if (strokes.at(-1)?.length === 2) strokes.at(-1).push(...strokes.at(-1));
      choose("drawn");
    });
    field.querySelector("[data-sign-clear]").addEventListener("click", () => {
      strokes = [];
      choose("drawn");
    });
    field.querySelector("[data-sign-type]").addEventListener("click", () => choose("typed"));
    field.querySelector("[data-sign-draw]").addEventListener("click", () => choose("drawn"));
    name.addEventListener("input", () => (typed.textContent = name.value));
    addEventListener("resize", draw);
    box.hidden = false;
    field.querySelector(".sign-ways").hidden = false;
    // After a refusal the form comes back as it was sent.
    choose(field.hasAttribute("data-sent") && method.value === "typed" ? "typed" : "drawn");
  };
  if (field) beginSigning();
}
{
  const seen = document.querySelector("form[data-seen]");
  let since = performance.now();

  if (seen) document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      since = performance.now();
      return;
    }
    const body = new FormData(seen);
    body.set("seconds", Math.round((performance.now() - since) / 1000));
    navigator.sendBeacon(seen.action, body);
  });
}
{
  // What a worker makes after the signature, the PDF and the invoice: the page is read again until they are there.
  const PAUSE = 3000;
  const MOST = 20;

  const readAgain = async (count) => {
    if (!document.querySelector("[data-pending]") || count > MOST) return;
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("main");
      const isMore = fresh && !document.getElementById("main").contains(document.activeElement);
      if (isMore) document.getElementById("main").replaceChildren(...fresh.childNodes);
    }
    setTimeout(readAgain, PAUSE, count + 1);
  };
  if (document.querySelector("[data-pending]")) setTimeout(readAgain, PAUSE, 1);
}
