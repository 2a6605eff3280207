// The person API: what a person at the keyboard can do. One function a call.

const root = "/sandbox/api/";

export class ApiError extends Error {
  constructor(status, body) {
    super(body.detail || `The sandbox answered ${status}.`);
    this.status = status;
    this.code = body.code || "";
    this.fields = body.fields || {};
  }
}

async function readBody(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return { detail: `The sandbox answered ${response.status} with something unreadable.` };
  }
}

async function send(path, options) {
  try {
    return await fetch(root + path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { code: "unreachable", detail: "The sandbox cannot be reached. Is it running?" });
  }
}

async function call(method, path, { query, body, signal } = {}) {
  const present = Object.entries(query || {}).filter(([, value]) => value !== null && value !== undefined);
  const search = present.length ? `?${new URLSearchParams(present)}` : "";
  const options = { method, signal, headers: {} };
  if (body) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await send(path + search, options);
  const answer = await readBody(response);
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

const part = encodeURIComponent;

export const world = (as) => call("GET", "world", { query: { as } });
export const setLocale = (as, locale) => call("PUT", "locale", { body: { as, locale } });
export const commands = (as, guild) => call("GET", "commands", { query: { as, guild: guild || "" } });
export const messages = (as, channel, before, limit = 50) =>
  call("GET", `channels/${part(channel)}/messages`, { query: { as, before, limit } });
export const say = (as, channel, content, more = {}) => call("POST", "messages", { body: { as, channel, content, ...more } });
export const editMessage = (as, message, content) => call("PATCH", "messages", { body: { as, message, content } });
export const deleteMessage = (as, message) => call("POST", "messages/delete", { body: { as, message } });
export const addThread = (as, channel, body) => call("POST", `channels/${part(channel)}/threads`, { body: { as, ...body } });
export const archiveThread = (as, channel) => call("POST", `channels/${part(channel)}/archive`, { body: { as } });
export const openDm = (as) => call("POST", "dms", { body: { as } });
export const useCommand = (body) => call("POST", "interactions/command", { body });
export const autocomplete = (body, signal) => call("POST", "interactions/autocomplete", { body, signal });
export const useComponent = (body) => call("POST", "interactions/component", { body });
export const submitModal = (body) => call("POST", "interactions/modal", { body });
export const addUser = (body) => call("POST", "users", { body });
export const setMember = (guild, user, body) =>
  call("PUT", `guilds/${part(guild)}/members/${part(user)}`, { body });

export function liveAddress(as) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${root}live?${new URLSearchParams({ as })}`;
}
