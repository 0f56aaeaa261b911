import { app, session } from 'electron';

/**
 * The app has no use for a network: its page comes from its own scheme, its engine is a child process. What
 * Chromium does unasked is switched off by name; whatever a later version adds finds no name resolved and
 * every request refused.
 */
export const NETWORK_SWITCHES: Readonly<Record<string, string | undefined>> = {
  'disable-background-networking': undefined,
  'disable-breakpad': undefined,
  'disable-client-side-phishing-detection': undefined,
  'disable-component-update': undefined,
  'disable-domain-reliability': undefined,
  'disable-features': [
    'AutofillServerCommunication',
    'CertificateTransparencyComponentUpdater',
    'DialMediaRouteProvider',
    'MediaRouter',
    'NetworkTimeServiceQuerying',
    'OptimizationHints',
    'Translate',
  ].join(),
  'disable-sync': undefined,
  'dns-prefetch-disable': undefined,
  'host-resolver-rules': 'MAP * ~NOTFOUND',
  // Also no search for a proxy by name (WPAD).
  'no-proxy-server': undefined,
  'no-pings': undefined,
  'safebrowsing-disable-auto-update': undefined,
};

/** What the page itself may load; `devtools` is the inspector of a build that is not packaged. */
const OWN_ADDRESSES = /^(enlarger:\/\/app\/|blob:enlarger:\/\/app\/|data:|devtools:\/\/)/;

/** Before the app is ready: Chromium's own errands are switched off. */
export function switchNetworkOff(): void {
  for (const [name, value] of Object.entries(NETWORK_SWITCHES)) {
    if (value === undefined) app.commandLine.appendSwitch(name);
    else app.commandLine.appendSwitch(name, value);
  }
}

/** Once the app is ready: no dictionaries, no proxies, no encrypted name service, no request but the page's own. */
export async function refuseRequests(): Promise<void> {
  app.configureHostResolver({ enableBuiltInResolver: false, secureDnsMode: 'off' });
  const { defaultSession } = session;
  defaultSession.setSpellCheckerEnabled(false);
  defaultSession.webRequest.onBeforeRequest(({ url }, decide) =>
    decide({ cancel: !OWN_ADDRESSES.test(url) }),
  );
  await Promise.all([app.setProxy({ mode: 'direct' }), defaultSession.setProxy({ mode: 'direct' })]);
}
