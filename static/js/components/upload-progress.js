// While large files travel: how much, and the request to wait.
const LARGE = 1024 * 1024;

export default function uploadProgress(form) {
  const line = form.querySelector("[data-uploading]");
  if (!line) return;
  form.addEventListener("submit", () => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size < LARGE) return;
    line.querySelector("span").textContent = line.dataset.uploading.replace("{size}", `${(size / LARGE).toFixed(1)} MB`);
    line.hidden = false;
  });
}
