import { watch } from 'vue';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useMethods } from '../stores/methods';

/** What people come with; the list of names is a step behind. */
export const TASKS = ['small', 'noisy', 'clean', 'compare'] as const;
export type Task = (typeof TASKS)[number];

/** By task the methods that suit it, the first that is here; of the last one all that are here are compared. */
const METHODS: Readonly<Record<Task, readonly string[]>> = {
  small: ['enlarger', 'enlarger-fast', 'edsr', 'bicubic'],
  noisy: ['enlarger-photo', 'blind-edsr', 'blind-compact', 'bicubic'],
  clean: ['enlarger-fast', 'fsrcnn', 'bicubic'],
  compare: ['bicubic', 'enlarger-fast', 'blind-compact'],
};

/** Sets up a task before there is a photo: its method, and for comparing what is laid beside one another. */
export function useTasks(): (task: Task) => void {
  const compare = useCompare();
  const doc = useDocument();
  const methods = useMethods();

  return (task) => {
    const here = METHODS[task].filter((id) => methods.byId.has(id));
    const [first] = here;
    if (first !== undefined) doc.setMethod(first);
    if (task !== 'compare') return;
    const stop = watch(
      () => doc.photo,
      (photo) => {
        if (!photo) return;
        stop();
        const missing = here.filter((id) => !compare.items.some(({ methodId }) => methodId === id));
        for (const id of missing) compare.add(id);
        compare.choose('grid');
      },
    );
  };
}
