import { useI18n } from 'vue-i18n';
import { CONTROL_IDS, type Turned } from '../../shared/enlargement';
import { useQuantities } from '../locales/useQuantities';
import { useMethods } from '../stores/methods';

/** What a method is called with what is turned in it, as a sheet names it where nobody says otherwise. */
export function useMakerName(): (method: { readonly id: string; readonly turned: Turned }) => string {
  const { t } = useI18n();
  const { number } = useQuantities();
  const methods = useMethods();
  return ({ id, turned }) => {
    const said = [
      ...(turned.ensemble ? [t('method.ensemble')] : []),
      ...(turned.consistent ? [t('method.consistent')] : []),
      ...CONTROL_IDS.flatMap((control) =>
        turned[control] === undefined
          ? []
          : [`${t(`method.control.${control}`)} ${number(turned[control], 2)}`],
      ),
    ];
    return said.length === 0 ? methods.nameOf(id) : `${methods.nameOf(id)} (${said.join(', ')})`;
  };
}
