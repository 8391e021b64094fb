// An appointment is dragged to another time, day or colleague by mouse or pen; or moved with Shift and an arrow key, set
// down with Enter, put back with Escape. Both send what the form beside an appointment sends, which does without this.
(() => {
  const form = document.querySelector("#move-form");
  if (!form) return;
  const [QUARTER, DAY] = [15 * 60e3, 24 * 3600e3];
  const NEAR = 5; // px that a pointer may tremble in a click
  const said = document.querySelector("#move-said");
  const { lang: language, dir } = document.documentElement;
  let drag = null;

  const begin = (slot, pointer) => {
    const grid = slot.closest(".day");
    const lanes = grid ? [...grid.querySelectorAll(".lane-bg[data-member]")] : [];
    const from = grid ? lanes.find((lane) => lane.dataset.member === slot.dataset.member) : slot.closest("td");
    drag = { slot, pointer, grid, lanes, from, to: from, quarters: 0, starts: new Date(slot.dataset.starts) };
  };

  const height = () => drag.from.getBoundingClientRect().height / Number(drag.grid.dataset.quarters);

  const inZone = (at) => {
    const as = { timeZone: drag.slot.dataset.zone, dateStyle: "short", timeStyle: "short" };
    const [day, time] = new Intl.DateTimeFormat("sv", as).format(at).split(" "); // Swedish: 2026-03-08 14:30
    return { day, time };
  };

  const wanted = () => {
    if (drag.grid) return inZone(new Date(drag.starts.getTime() + drag.quarters * QUARTER));
    const now = inZone(drag.starts);
    const days = Date.parse(drag.to.dataset.day) - Date.parse(drag.from.dataset.day);
    return { ...now, day: new Date(Date.parse(now.day) + Math.round(days / DAY) * DAY).toISOString().slice(0, 10) };
  };

  const of = (cell) => (cell.dataset.member ? cell.dataset : cell.closest("tr")?.dataset || {});
  const words = () => {
    const { day } = wanted();
    const at = new Date(drag.starts.getTime() + drag.quarters * QUARTER);
    const time = new Intl.DateTimeFormat(language, { timeZone: form.dataset.zone, hour: "numeric", minute: "2-digit" }).format(at);
    const date = new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" });
    return [drag.grid ? time : `${date.format(new Date(day))}, ${time}`, of(drag.to).name].filter(Boolean).join(", ");
  };

  // How it looks meanwhile

  const aim = () => document.querySelectorAll(".is-target").forEach((cell) => cell.classList.remove("is-target"));

  const show = (x, y) => {
    const { slot, from, to, grid } = drag;
    slot.classList.add("is-lifted");
    aim();
    to.classList.add("is-target");
    if (grid) {
      const across = to.getBoundingClientRect().left - from.getBoundingClientRect().left;
      slot.style.translate = `${across}px ${drag.quarters * height()}px`;
    } else if (x !== undefined) slot.style.translate = `${x}px ${y}px`;
    let mark = slot.querySelector(".move-at");
    if (!mark) slot.prepend((mark = Object.assign(document.createElement("span"), { className: "move-at", ariaHidden: "true" })));
    mark.textContent = words();
  };

  const end = (send) => {
    if (!drag) return;
    const { slot } = drag;
    const values = send && (drag.quarters || drag.to !== drag.from) && slot.isConnected && { ...wanted(), version: slot.dataset.version, minutes: slot.dataset.minutes };
    const [from, to] = [of(drag.from).member, of(drag.to).member];
    const members = new Set(slot.dataset.members.split(" ").map((one) => (one === from ? to : one)));
    aim();
    document.body.classList.remove("is-dragging");
    slot.classList.remove("is-lifted");
    slot.querySelector(".move-at")?.remove();
    slot.removeAttribute("style");
    said.textContent = "";
    drag = null;
    if (!values) return;
    Object.entries(values).forEach(([name, value]) => (form.elements[name].value = value));
    form.querySelectorAll("[name=member]").forEach((one) => one.remove()); // of one that could not be sent
    members.forEach((one) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "member", value: one })));
    form.action = slot.dataset.moves;
    form.requestSubmit();
  };

  // Mouse and pen; a finger scrolls

  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-moves]") && event.preventDefault());
  document.addEventListener("pointerdown", (event) => {
    const slot = event.target.closest?.("[data-moves]");
    if (!slot || event.button !== 0 || event.pointerType === "touch") return;
    end(false);
    begin(slot, event.pointerId);
    Object.assign(drag, { x: event.clientX, y: event.clientY, isHeld: true });
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag?.isHeld || drag.pointer !== event.pointerId) return;
    const [x, y] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.isUp && Math.hypot(x, y) < NEAR) return;
    drag.isUp = true;
    document.body.classList.add("is-dragging");
    if (drag.grid) {
      const boxes = drag.lanes.map((lane) => lane.getBoundingClientRect());
      drag.to = drag.lanes[boxes.findIndex((box) => event.clientX >= box.left && event.clientX < box.right)] || drag.to;
      drag.quarters = Math.round(y / height());
    } else drag.to = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("td[data-day]")) || drag.to;
    show(x, y);
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag?.isHeld || drag.pointer !== event.pointerId) return;
    if (drag.isUp) {
      // The click that ends a drag opens nothing.
      const swallow = (click) => click.preventDefault();
      document.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), 0);
    }
    end(true);
  });
  document.addEventListener("pointercancel", () => drag?.isHeld && end(false));

  // Keyboard

  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

  const step = (across, down) => {
    const over = dir === "rtl" ? -across : across;
    if (drag.grid) {
      drag.quarters += down;
      drag.to = drag.lanes[drag.lanes.indexOf(drag.to) + over] || drag.to;
    } else {
      const rows = [...drag.to.closest("tbody").rows];
      const row = rows[rows.indexOf(drag.to.parentNode) + down] || drag.to.parentNode;
      const next = row.cells[drag.to.cellIndex + over];
      drag.to = next?.dataset.day ? next : drag.to;
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return end(false);
    const slot = event.target.closest?.("[data-moves]");
    if (!slot) return;
    const isDown = event.key === "Enter" && drag?.slot === slot;
    if (!isDown && !(event.shiftKey && ARROWS[event.key])) return;
    event.preventDefault();
    if (isDown) end(true);
    else {
      if (drag?.slot !== slot) begin(slot);
      step(...ARROWS[event.key]);
      show();
      said.textContent = words();
    }
  });
  document.addEventListener("focusout", (event) => drag && !drag.isHeld && event.target === drag.slot && end(false));
})();
