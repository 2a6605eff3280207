// As much of a browser's window as the modules without a page of their own need. Import it first.

const page = new EventTarget();

globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.dispatchEvent = page.dispatchEvent.bind(page);
globalThis.document = Object.assign(new EventTarget(), {
  cookie: "csrftoken=token",
  hidden: false,
  body: { dataset: { account: "mira" } },
  getElementById: () => null,
});
globalThis.location = { href: "http://sheet.test/characters/1/" };
globalThis.navigator ??= { onLine: true };

/** Answers each request by `answer(method, url, body, headers)`, which returns a status and a body, or throws. */
export function serve(answer) {
  const requests = [];
  globalThis.fetch = async (url, { method, body, headers }) => {
    const sent = body === undefined ? undefined : JSON.parse(body);
    requests.push({ method, url, body: sent, headers });
    const [status, told] = await answer(method, url, sent, headers);
    return new Response(JSON.stringify(told), { status });
  };
  return requests;
}

/** Lets everything that waits for nothing but promises go on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
