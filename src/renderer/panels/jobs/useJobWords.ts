import { useI18n } from 'vue-i18n';
import { useQuantities } from '../../locales/useQuantities';
import type { Job } from '../../editor/fileJobs';

/** A job's state in words and numbers. */
export function useJobWords() {
  const { t } = useI18n();
  const { number } = useQuantities();
  function stageOf({ state, progress }: Job): string {
    if (state === 'stopping') return t('job.stopping');
    if (state === 'paused') return t('job.paused');
    return progress && state === 'running' ? t(`job.stage.${progress.stage}`) : t('job.waiting');
  }
  function countsOf({ progress }: Job): string {
    if (!progress || progress.stage !== 'enlarge') return '';
    return `${number(progress.done)} / ${number(progress.total)}`;
  }
  return { stageOf, countsOf };
}
