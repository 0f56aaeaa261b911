import { watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useJobs } from '../stores/jobs';
import { useSettings } from '../stores/settings';

/** Shorter exports are over before anybody has gone away, seconds. */
const LONG_SECONDS = 20;

/** Asks the system once whether it may tell of ends; to be called from the press that starts a long export. */
export function askToNotify(isWanted: boolean, seconds: number | null): void {
  const isLong = seconds === null || seconds >= LONG_SECONDS;
  if (!isWanted || !isLong || !('Notification' in window) || Notification.permission !== 'default') return;
  // Refused is refused: the end is on screen all the same.
  void Notification.requestPermission().catch(() => undefined);
}

/** Tells by the system that a long export has ended while the page was not looked at. */
export function useEndNotifications(): void {
  const { t } = useI18n();
  const jobs = useJobs();
  const settings = useSettings();

  function tell(sentence: string): void {
    const isAsked = settings.settings.notify && !document.hasFocus();
    if (!isAsked || !('Notification' in window) || Notification.permission !== 'granted') return;
    const notification = new Notification('Enlarger', { body: sentence, tag: 'export' });
    notification.onclick = () => window.focus();
  }
  watch(
    () => jobs.saved,
    (saved) => {
      if (saved && saved.seconds >= LONG_SECONDS) tell(t('job.saved', { name: saved.name }));
    },
  );
  watch(
    () => jobs.failed.length,
    (n, before) => {
      const last = jobs.failed.at(-1);
      if (n > before && last) tell(t('job.failedNamed', { name: last.name }));
    },
  );
}
