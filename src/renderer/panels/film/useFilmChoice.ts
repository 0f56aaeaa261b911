import { useDocument } from '../../stores/document';

/** Choosing in the film strip: a click shows one alone, Ctrl adds or takes one, Shift takes all up to one. */
export function useFilmChoice() {
  const doc = useDocument();
  const isChosen = (token: string): boolean => doc.present.chosen.includes(token);

  function take(token: string, event: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): void {
    const tokens = doc.photos.map(({ photo }) => photo);
    const { chosen, shown } = doc.present;
    if (event.shiftKey && shown !== null) {
      const [from, to] = [tokens.indexOf(shown), tokens.indexOf(token)].sort((a, b) => a - b);
      doc.choose(tokens.slice(from, to! + 1));
    } else if (event.ctrlKey || event.metaKey) {
      doc.choose(isChosen(token) ? chosen.filter((one) => one !== token) : [...chosen, token]);
    } else {
      doc.show(token);
      doc.choose([token]);
    }
  }

  return { isChosen, take, chooseAll: () => doc.choose(doc.photos.map(({ photo }) => photo)) };
}
