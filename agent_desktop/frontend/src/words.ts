// The words of this page, in the reader's language: a block of JSON that the server put into it.
const block = document.getElementById("words");
const words: Readonly<Record<string, string>> = block?.textContent ? JSON.parse(block.textContent) : {};

/** Whether there are words for `key`. */
export const hasWord = (key: string): boolean => key in words;

/** The words for `key`, with {fields} filled. The key itself when there are none, which a test prevents. */
export function word(key: string, fields: Readonly<Record<string, string>> = {}): string {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => fields[name] ?? whole);
}
