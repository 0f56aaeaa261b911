import { watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { useJobs } from '../stores/jobs';
import { useNotices, type NextStep } from '../stores/notices';
import { useWorkspace } from '../stores/workspace';

/** Tells what an earlier end left: offered, not started, since whoever comes back may not want it any more. */
export function useLeftWork(): void {
  const { t } = useI18n();
  const jobs = useJobs();
  const notices = useNotices();
  const workspace = useWorkspace();

  /** A sentence when there is more of it, which goes when there is none. */
  function tellOf(count: () => number, says: string, next: NextStep): void {
    let told: number | undefined;
    watch(
      count,
      (n, before) => {
        if (told !== undefined && (n === 0 || n > (before ?? 0))) notices.dismiss(told);
        if (n > (before ?? 0)) told = notices.add({ place: 'engine', message: t(says, { n }, n), next });
      },
      { immediate: true },
    );
  }
  const show = { label: 'job.show', run: () => (workspace.isQueueOpen = true) };
  tellOf(() => jobs.broken.length, 'job.brokenSays', show);
  tellOf(() => jobs.unsaved.length, 'job.unsavedSays', {
    label: 'job.save',
    run: () => void jobs.saveLeft(),
  });
  tellOf(() => jobs.notBegun.length, 'job.notBegunSays', {
    label: 'job.begin',
    run: () => void jobs.beginLeft(),
  });
}
