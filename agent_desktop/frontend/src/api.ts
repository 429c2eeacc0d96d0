// Asking the server: JSON in and out, the CSRF token always, errors in the reader's words.
import { word } from "./words";

/** What the server says went wrong. `retryable`: the same request may succeed in a moment; `details`: all that it answered. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly retryable: boolean,
    readonly details: unknown = null,
  ) {
    super(message);
  }
}

interface Failure {
  error?: { code: string; message: string; next_step: string; retryable: boolean };
}

const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

async function ask(path: string, options: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin", redirect: "error" });
  } catch {
    throw new Problem(word("offline"), "offline", true);
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => ({}))) as Failure;
  const error = body.error;
  if (response.status === 401) window.location.assign("/login");
  if (!error) throw new Problem(word("failed"), String(response.status), response.status >= 500);
  throw new Problem(`${error.message} ${error.next_step}`.trim(), error.code, error.retryable, body);
}

/** Send JSON, get JSON. `keepalive` lets it outlive the page. */
export async function post<Answer>(path: string, body: unknown, keepalive = false): Promise<Answer> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" };
  const response = await ask(path, { method: "POST", headers, body: JSON.stringify(body), keepalive });
  return (await response.json()) as Answer;
}

/** Send a file as it is, get JSON. */
export async function postFile<Answer>(path: string, file: Blob): Promise<Answer> {
  const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": token, Accept: "application/json" };
  const response = await ask(path, { method: "POST", headers, body: file });
  return (await response.json()) as Answer;
}

/** Send a form with its files, get JSON. */
export async function postForm<Answer>(path: string, form: FormData): Promise<Answer> {
  const headers = { "X-CSRFToken": token, Accept: "application/json" };
  const response = await ask(path, { method: "POST", headers, body: form });
  return (await response.json()) as Answer;
}

/** Send JSON, get a sound. */
export async function postForSound(path: string, body: unknown): Promise<Blob> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "audio/wav" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).blob();
}

/** Get JSON. */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await ask(path, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) });
  return (await response.json()) as Answer;
}

/** Send JSON, get a piece of a page, made and escaped by the server. */
export async function postForHtml(path: string, body: unknown): Promise<string> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "text/html" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(body) })).text();
}

/** Get a piece of a page, made and escaped by the server. */
export async function getHtml(path: string): Promise<string> {
  return (await ask(path, { headers: { Accept: "text/html" } })).text();
}
