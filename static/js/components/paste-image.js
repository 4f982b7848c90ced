// A screenshot in the clipboard becomes a file of the field; the names of the chosen files are listed.
export default function pasteImage(field) {
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-files]");
  if (!input || typeof DataTransfer === "undefined") return;
  field.querySelector("[data-paste-hint]")?.removeAttribute("hidden");

  const show = () => {
    if (!list) return;
    list.hidden = input.files.length === 0;
    list.replaceChildren(...[...input.files].map((file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${Math.max(1, Math.round(file.size / 1024))} KB`;
      return item;
    }));
  };

  document.addEventListener("paste", (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!pasted.length) return;
    event.preventDefault();
    const basket = new DataTransfer();
    if (input.multiple) [...input.files].forEach((file) => basket.items.add(file));
    const stamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
    pasted.slice(0, input.multiple ? undefined : 1).forEach((file, index) => {
      basket.items.add(new File([file], `screenshot-${stamp}-${index + 1}.png`, { type: file.type }));
    });
    input.files = basket.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", show);
}
