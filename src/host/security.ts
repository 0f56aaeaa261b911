import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names of this machine; any other in `Host` is a page elsewhere whose name was bent to 127.0.0.1. */
const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

const secret = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compared by digest, so that the time taken says nothing about the secret. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

function hostName(host: string): string | undefined {
  return /^([\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
}

/**
 * Who may talk to the host: a browser that came by the one-time address, from this machine, with requests
 * that its own page made.
 */
export class Gate {
  /** Opens the door once. */
  readonly token = secret();
  private readonly session = secret();
  private spent = false;

  /** `cookieName` tells hosts on one machine apart: cookies know no port. */
  constructor(private readonly cookieName: string) {}

  /**
   * Why a request is refused whoever sent it; undefined: it is not. The port in `Host` is free, because a
   * tunnel (ssh -L) may give the host another one; `Origin`, where there is one, must equal it.
   */
  refusal(request: IncomingMessage): string | undefined {
    const { host, origin } = request.headers;
    const name = hostName(host ?? '');
    if (name === undefined || !LOCAL_NAMES.has(name)) {
      return 'Expected a request to 127.0.0.1 or localhost; the Host header names another place.';
    }
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    const upgrades = request.headers.upgrade !== undefined;
    if (origin === undefined ? changes || upgrades : origin !== `http://${String(host)}`) {
      return 'Expected a request from the page of this address; the Origin header names another or none.';
    }
    const site = request.headers['sec-fetch-site'];
    const navigates = request.headers['sec-fetch-mode'] === 'navigate';
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigates) {
      return 'Expected a request from the page of this address; it came from another site.';
    }
    return undefined;
  }

  /** Whether the request carries the session cookie. */
  admits(request: IncomingMessage): boolean {
    return (request.headers.cookie ?? '').split(';').some((pair) => {
      const cut = pair.indexOf('=');
      return pair.slice(0, cut).trim() === this.cookieName && same(pair.slice(cut + 1).trim(), this.session);
    });
  }

  /** The `Set-Cookie` value for the right token, the first time; undefined afterwards and for a wrong one. */
  redeem(token: string): string | undefined {
    if (this.spent || !same(token, this.token)) return undefined;
    this.spent = true;
    return `${this.cookieName}=${this.session}; HttpOnly; SameSite=Strict; Path=/`;
  }
}
