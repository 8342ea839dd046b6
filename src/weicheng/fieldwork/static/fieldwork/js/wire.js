// Talking with the server: one answer, or one of three reasons why there is none.
//   Away      no network, a portal's page instead of ours, the server is down
//   SignedOut the session has ended
//   Refused   {status, data}: it answered, and the answer is no
export class Away extends Error {
  constructor(words, status = 0) {
    super(words);
    this.status = status; // of a server that answered and is in trouble; 0 where nothing came
  }
}
export class SignedOut extends Error {}
export class Refused extends Error {
  constructor(status, data) {
    super(String(status));
    this.status = status;
    this.data = data;
  }
}

const PATIENCE = 60_000;

export class Wire {
  constructor(addresses, user) {
    this.addresses = addresses;
    this.user = user;
    this.token = "";
    this.offset = null; // seconds, device minus server
    this.login = addresses.login;
    this.ended = false; // the account may not log in any more
    this.unsent = () => 0; // how much waits here, told with every question
    this.reached = navigator.onLine !== false;
    this.onreach = () => {};
  }

  photo(sha, have) {
    return `${this.addresses.photo.replace(/\/$/, "")}/${sha}?from=${have}`;
  }

  reach(reached) {
    if (this.reached === reached) return;
    this.reached = reached;
    this.onreach(reached);
  }

  measure(begun, server) {
    if (!server) return;
    const middle = (begun + Date.now()) / 2;
    this.offset = Math.round((middle - Date.parse(server)) / 1000);
  }

  async ask(address, how = {}) {
    const begun = Date.now();
    const { answer, data } = await this.fetched(address, how);
    if (answer.status === 401) {
      this.login = (data && data.login) || this.login;
      this.ended = Boolean(data && data.ended);
      throw new SignedOut();
    }
    if (answer.redirected) throw new SignedOut();
    if (answer.status === 403) throw new Refused(403, data || {});
    const partly = (answer.status === 503 || answer.status === 412) && data && data.results; // each act has its own answer
    if (answer.status >= 500 && answer.status !== 507 && !partly) throw new Away(String(answer.status), answer.status);
    if (!data) {
      this.reach(false);
      throw new Away("portal");
    }
    this.reach(true);
    this.measure(begun, data.server_now);
    if (!answer.ok && !partly) throw new Refused(answer.status, data);
    return data;
  }

  // The answer with its content; patience ends with the last byte, not with the first.
  async fetched(address, { method = "GET", body = null, type = "application/json" }) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { Accept: "application/json", "X-Field-Unsent": String(this.unsent()) };
    if (method !== "GET") Object.assign(headers, { "X-CSRFToken": this.token, "X-Field-User": this.user });
    if (body !== null) headers["Content-Type"] = type;
    try {
      const answer = await fetch(address, {
        method, headers, body, credentials: "same-origin", cache: "no-store", signal: stop.signal,
      });
      return { answer, data: await readable(answer) };
    } catch {
      this.reach(false);
      throw new Away("network");
    } finally {
      clearTimeout(clock);
    }
  }

  post(address, told) {
    return this.ask(address, { method: "POST", body: JSON.stringify(told) });
  }

  put(address, bytes) {
    return this.ask(address, { method: "PUT", body: bytes, type: "application/octet-stream" });
  }
}

// What was said, null where it is no JSON; a content that breaks off is no answer.
async function readable(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
