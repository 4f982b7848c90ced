// A list whose rows can be chosen: select all, the count, and a bar that shows itself only when something is chosen.
export default function bulk(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  const count = form.querySelector("[data-bulk-count]");
  const all = [...form.querySelectorAll("[data-select-all]")];
  const boxesOf = (head) => [...head.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  const boxes = () => [...form.querySelectorAll("[data-rows] input[type=checkbox]")];

  const show = () => {
    const chosen = boxes().filter((box) => box.checked);
    boxes().forEach((box) => box.closest("[data-row]")?.classList.toggle("selected", box.checked));
    for (const head of all) {
      const own = boxesOf(head);
      const ticked = own.filter((box) => box.checked).length;
      head.checked = ticked > 0 && ticked === own.length;
      head.indeterminate = ticked > 0 && ticked < own.length;
    }
    if (bar) bar.hidden = chosen.length === 0;
    if (count) count.textContent = count.dataset.bulkCount.replace("{n}", chosen.length);
  };

  all.forEach((head) => head.addEventListener("change", () => {
    boxesOf(head).forEach((box) => { box.checked = head.checked; });
    show();
  }));
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
