import { bulk } from "./conversations.mjs";

const file = (name, text, mimeType = "application/json") => ({ name, mimeType, buffer: Buffer.from(text) });

/** A file of one session, as the upload page takes it. */
export const session_file = (name, id, messages = 3, extra = {}) => file(name, JSON.stringify(bulk(id, messages, extra)));
export const text_file = file;

/** Drops files onto the page as a reader does with the pointer. */
export async function drop_files(page, selector, files) {
  const transfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, text } of list) transfer.items.add(new File([text], name, { type: mimeType }));
    return transfer;
  }, files.map(({ name, mimeType, buffer }) => ({ name, mimeType, text: buffer.toString() })));
  for (const type of ["dragenter", "dragover", "drop"]) await page.dispatchEvent(selector, type, { dataTransfer: transfer });
}
