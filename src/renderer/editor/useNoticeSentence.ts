import { useQuantities } from '../locales/useQuantities';
import type { Notice } from '../stores/notices';

/** What a notice says, in the language on screen: of a failure its sentence, of a word the word and what it is about. */
export function useNoticeSentence(): (notice: Notice) => string {
  const { sentence, said } = useQuantities();
  return ({ fault, about, message = '' }) => {
    if (fault) return sentence(fault);
    return about === undefined ? said(message) : `${about}: ${said(message)}`;
  };
}
