import { onMounted, watch } from 'vue';
import { useWorkspace, type FocusPlace } from '../stores/workspace';

/**
 * Takes the keyboard whenever it is to be brought to a place: at once, or as soon as the place is on screen and, where it
 * has something to wait for, ready.
 */
export function useFocusPlace(place: FocusPlace, take: () => void, isReady = () => true): void {
  const workspace = useWorkspace();
  const answer = (): void => {
    if (workspace.focus !== place || !isReady()) return;
    workspace.focus = null;
    take();
  };
  onMounted(answer);
  watch([() => workspace.focus, isReady], answer, { flush: 'post' });
}
