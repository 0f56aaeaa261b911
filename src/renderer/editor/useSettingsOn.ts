import { useI18n } from 'vue-i18n';
import type { MethodOptions } from '../../shared/contract';

/** The names of the settings that are on in a method, which change every pixel and no picture shows. */
export function useSettingsOn(): (options: Pick<MethodOptions, 'consistent' | 'ensemble'>) => string[] {
  const { t } = useI18n();
  return ({ consistent, ensemble }) => [
    ...(consistent ? [t('method.consistent')] : []),
    ...(ensemble ? [t('method.ensemble')] : []),
  ];
}
