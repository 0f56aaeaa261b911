import { inject, type InjectionKey } from 'vue';
import type { PageShell } from '../../shared/contract';
import { BrowserTransport } from './browserTransport';
import { DesktopTransport } from './desktopTransport';
import { EngineClient } from './engineClient';

declare global {
  interface Window {
    /** Put there by the desktop shell's preload; a browser has none. */
    enlargerShell?: PageShell;
  }
}

/** Connects this page to whichever door opened it. */
export function connect(page: Window): EngineClient {
  const shell = page.enlargerShell;
  return new EngineClient(
    shell ? new DesktopTransport(shell, page) : new BrowserTransport(page.location, page.sessionStorage),
  );
}

export const ENGINE: InjectionKey<EngineClient> = Symbol('engine');

/** The client that the application was given. */
export function useEngine(): EngineClient {
  const engine = inject(ENGINE);
  if (!engine)
    throw new Error('the application was started without an engine client (app.provide(ENGINE, …))');
  return engine;
}
