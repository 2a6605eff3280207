// Files as the person API takes them: name, kind and base64.

import { ApiError } from "./api.js";

export function encodedFile(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(new ApiError(0, { detail: `The file “${file.name}” cannot be read.` }));
    reader.onload = () =>
      resolve({ filename: file.name, content_type: file.type || "application/octet-stream", data: reader.result.split(",")[1] || "" });
    reader.readAsDataURL(file);
  });
}

/** {name: File} → {name: encoded} */
export async function encodedFiles(files) {
  const pairs = await Promise.all(Object.entries(files).map(async ([name, file]) => [name, await encodedFile(file)]));
  return Object.fromEntries(pairs);
}
