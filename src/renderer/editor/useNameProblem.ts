import { useI18n } from 'vue-i18n';
import { nameProblem } from '../../shared/fileName';

/** Why a file cannot have a name, in the page's language; null: it can. */
export function useNameProblem(): (name: string) => string | null {
  const { t } = useI18n();
  return (name) => {
    const problem = nameProblem(name);
    if (problem === 'empty') return t('export.nameEmpty');
    if (problem === 'characters') return t('export.nameCharacters', { bar: '|' });
    return problem === 'long' ? t('export.nameLong') : null;
  };
}
