// Turns ready reasons into buttons that put their text into a field.
export default function snippet(list) {
  const target = document.getElementById(list.dataset.target);
  if (!target) return;
  for (const item of list.children) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = item.textContent;
    button.addEventListener("click", () => {
      const before = target.value && !/\s$/.test(target.value) ? `${target.value}\n` : target.value;
      target.value = before + item.textContent;
      target.dispatchEvent(new Event("input", { bubbles: true }));
      target.focus();
    });
    item.replaceChildren(button);
  }
}
