// The web API. Every write carries the CSRF token and an Idempotency-Key, so it can be sent again without harm.

import { _ } from "./translation.js";

const TIMEOUT = 15_000;
// Of a form with files: a slow line takes its time.
const UPLOAD_TIMEOUT = 180_000;

/** The server answered, and said no. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {Refusal} body
   */
  constructor(status, body) {
    super(body.detail ?? _("That didn’t work."));
    this.status = status;
    this.code = body.code ?? "error";
    this.body = body;
  }
}

/** Nobody answered, or somebody between us and the server did. */
export class Unreachable extends Error {}

export const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].join("-");

function csrfToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

/**
 * `body` is JSON, or a file or a form with files that goes as it is.
 * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
 * @param {string} url
 * @param {unknown} [body]
 * @param {string} key
 * @returns {Promise<any>}
 */
export async function call(method, url, body, key = newKey()) {
  const form = body instanceof FormData;
  const file = body instanceof Blob;
  let response;
  try {
    response = await fetch(url, {
      method,
      headers: {
        Accept: "application/json",
        // The person who was signed in when the page came: what is done here is done as them, or not at all.
        ...(document.body.dataset.account ? { "X-Account": document.body.dataset.account } : {}),
        ...(method === "GET"
          ? {}
          : { ...(form ? {} : { "Content-Type": file ? body.type : "application/json" }), "X-CSRFToken": csrfToken(), "Idempotency-Key": key }),
      },
      body: form || file || body === undefined ? body : JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout?.(form ? UPLOAD_TIMEOUT : TIMEOUT),
    });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  if (answer === null) throw new Unreachable(`${response.status}`);
  throw new Refused(response.status, answer);
}

/** @type {(id: string, rest?: string) => string} */
export const characterUrl = (id, rest = "") => `/api/characters/${id}/${rest}`;
