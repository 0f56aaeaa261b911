import { useI18n } from 'vue-i18n';
import type { Step } from '../document/command';
import { useMethods } from '../stores/methods';

/** The name of a step of the history, in the page's language and with the methods' own names. */
export function useStepName(): (step: Step) => string {
  const { t } = useI18n();
  const methods = useMethods();
  const wordOf = (name: string, value: string | number): string | number => {
    if (name === 'method' && value === 'original') return t('history.original');
    if (name === 'method') return methods.nameOf(String(value));
    if (name === 'kind') return t(`history.kind.${value}`);
    return value;
  };
  return ({ key, values }) => {
    const words = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, wordOf(name, value)]),
    );
    return t(`history.step.${key}`, words, Number(values['n'] ?? 1));
  };
}
