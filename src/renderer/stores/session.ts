import { defineStore } from 'pinia';
import { EMPTY } from '../document/document';
import { useDocument } from './document';
import { useSettings } from './settings';

/** What the page begins with. */
export const useSession = defineStore('session', () => {
  const settings = useSettings();
  const doc = useDocument();

  async function begin(): Promise<void> {
    await settings.load();
    doc.start({ ...EMPTY, exports: { ...EMPTY.exports, encoding: settings.settings.encoding } });
  }
  let beginning: Promise<void> | null = null;

  return {
    /** Done once what was remembered is read; the first call reads it. */
    started: (): Promise<void> => (beginning ??= begin()),
  };
});
