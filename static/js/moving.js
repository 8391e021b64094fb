// An appointment or a follow-up is dragged to another time, day or colleague; or moved with Shift and an arrow key, set
// down with Enter, put back with Escape. Both send what its own form sends. A grid's columns are members, or days.
(() => {
  let form; // looked up at each drag: a refresh may have drawn it anew
  const [QUARTER, DAY, NEAR] = [15 * 60e3, 24 * 3600e3, 5]; // NEAR: px that a pointer may tremble in a click
  const say = (text) => (document.querySelector("#move-said").textContent = text);
  const { lang: language, dir } = document.documentElement;
  let drag = null;
  const begin = (slot, pointer) => {
    form = document.querySelector("#move-form");
    const key = form.dataset.lanes || "member";
    const grid = slot.closest(".day");
    const lanes = [...(grid?.querySelectorAll(`.lane-bg[data-${key}]`) || [])];
    const isLate = slot.matches(".is-late"); // above the hours of today, whatever day it was due
    const own = (lane) => (isLate ? lane.matches(".is-today") : lane.dataset[key] === slot.dataset[key]);
    const isHome = (cell) => cell.dataset.day === slot.dataset.day && of(cell).member === slot.dataset.members;
    const cell = slot.closest("td") || [...document.querySelectorAll("td[data-day]")].find(isHome); // of a list beside it
    const [from, starts] = [grid ? lanes.find(own) : cell, new Date(slot.dataset.starts)];
    drag = { slot, pointer, grid, lanes, from, to: from, quarters: 0, starts, isLate, byDay: grid && key === "day" };
  };

  const height = () => drag.from.getBoundingClientRect().height / Number(drag.grid.dataset.quarters);
  const inZone = (at) => {
    const as = { timeZone: drag.slot.dataset.zone, dateStyle: "short", timeStyle: "short" };
    const [day, time] = new Intl.DateTimeFormat("sv", as).format(at).split(" "); // Swedish: 2026-03-08 14:30
    return { day, time };
  };
  const sinceMidnight = () => Date.parse(`1970-01-01T${inZone(drag.starts).time}Z`); // on the clock, also where it changes
  const wanted = () => {
    const then = Math.max(0, Math.min(DAY - QUARTER, sinceMidnight() + drag.quarters * QUARTER));
    if (drag.byDay) return { day: drag.to.dataset.day, time: new Date(then).toISOString().slice(11, 16) };
    if (drag.grid) return inZone(new Date(drag.starts.getTime() + drag.quarters * QUARTER));
    const now = inZone(drag.starts);
    const days = Date.parse(drag.to.dataset.day) - Date.parse(drag.from.dataset.day);
    return { ...now, day: new Date(Date.parse(now.day) + Math.round(days / DAY) * DAY).toISOString().slice(0, 10) };
  };
  const of = (cell) => (cell.dataset.member ? cell.dataset : cell.closest("tr")?.dataset || {});
  const words = () => {
    const { day, time: clock } = wanted();
    const at = drag.byDay ? new Date(`${day}T${clock}Z`) : new Date(drag.starts.getTime() + drag.quarters * QUARTER);
    const as = { timeZone: drag.byDay ? "UTC" : form.dataset.zone, hour: "numeric", minute: "2-digit" };
    const time = new Intl.DateTimeFormat(language, as).format(at);
    const date = new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" });
    return [drag.grid && !drag.byDay ? "" : date.format(new Date(day)), time, of(drag.to).name].filter(Boolean).join(", ");
  };

  // Out of a list beside the table, which scrolls and would clip it. Its row keeps its height.
  const lift = ({ parentNode: row, style }, { left, top, width }) => {
    row.style.blockSize = `${row.getBoundingClientRect().height}px`;
    Object.assign(style, { position: "fixed", left: `${left}px`, top: `${top}px`, width: `${width}px` });
  };
  const aim = () => document.querySelectorAll(".is-target").forEach((cell) => cell.classList.remove("is-target"));
  const show = (x, y) => {
    const { slot, from, to, grid } = drag;
    slot.classList.add("is-lifted");
    aim();
    to.classList.add("is-target");
    if (grid && !drag.isLate) {
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
    const isMoved = send && slot.isConnected && (drag.quarters || drag.to !== drag.from);
    const values = isMoved && { ...wanted(), clock: wanted().time, version: slot.dataset.version, minutes: slot.dataset.minutes };
    const [from, to] = [of(drag.from).member, of(drag.to).member];
    const members = new Set(slot.dataset.members?.split(" ").map((one) => (one === from ? to : one)));
    aim();
    [document.body, slot].forEach((one) => one.classList.remove("is-dragging", "is-lifted"));
    slot.querySelector(".move-at")?.remove();
    [slot, slot.parentNode].forEach((one) => one?.removeAttribute("style"));
    say("");
    drag = null;
    if (!values) return;
    Object.entries(values).forEach(([name, value]) => form.elements[name] && (form.elements[name].value = value));
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
    if (!drag.isUp && !drag.slot.closest(".day, td")) lift(drag.slot, drag.slot.getBoundingClientRect());
    drag.isUp = true;
    document.body.classList.add("is-dragging");
    if (drag.grid) {
      const boxes = drag.lanes.map((lane) => lane.getBoundingClientRect());
      drag.to = drag.lanes[boxes.findIndex((box) => event.clientX >= box.left && event.clientX < box.right)] || drag.to;
      const row = Math.floor((event.clientY - drag.from.getBoundingClientRect().top) / height());
      const hour = drag.grid.dataset.first / 15 - sinceMidnight() / QUARTER + row; // from above the hours into them
      drag.quarters = drag.isLate ? (row < 0 ? 0 : hour) : Math.round(y / height());
    } else drag.to = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.matches("td[data-day]")) || drag.to;
    show(x, y);
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag?.isHeld || drag.pointer !== event.pointerId) return;
    const opening = { capture: true, once: true, signal: AbortSignal.timeout(0) };
    if (drag.isUp) document.addEventListener("click", (click) => click.preventDefault(), opening); // ends the drag only
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
      const week = drag.to.parentNode;
      const next = (week.parentNode.rows[week.sectionRowIndex + down] || week).cells[drag.to.cellIndex + over];
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
    if (isDown) return end(true);
    if (drag?.slot !== slot) begin(slot);
    step(...ARROWS[event.key]);
    show();
    say(words());
  });
  document.addEventListener("focusout", (event) => drag && !drag.isHeld && event.target === drag.slot && end(false));
})();
