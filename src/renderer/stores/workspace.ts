import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import { useCompare } from './compare';

/** The tabs of the tools at the right, from left to right. */
export const TAB_IDS = ['method', 'regions', 'personal', 'history'] as const;
export type TabId = (typeof TAB_IDS)[number];

/** What the pointer does on the photo. */
export type Tool = 'hand' | 'region' | 'divider';
export const TOOLS: readonly Tool[] = ['hand', 'region', 'divider'];

/** Places that keys bring the keyboard to. */
export type FocusPlace = 'method' | 'scale' | 'view' | 'divider' | 'compare';

/** Where things stand on screen just now: nothing of it belongs to the document, and undo does not touch it. */
export const useWorkspace = defineStore('workspace', () => {
  const compare = useCompare();
  const tab = ref<TabId>('method');
  const tool = ref<Tool>('hand');
  /** While Space is held the pointer is the hand, whatever tool is chosen. */
  const isSpaceHeld = ref(false);
  /** The method whose card lies over the view; null: none. */
  const card = ref<string | null>(null);
  const isQueueOpen = ref(false);
  const isExporting = ref(false);
  /** What the keyboard is to be brought to, once it is on screen. */
  const focus = ref<FocusPlace | null>(null);

  /** Takes a tool into the hand, and the keyboard to what it works on; the divider brings its split along. */
  function take(next: Tool): void {
    if (next === 'divider' && compare.kind !== 'split') compare.choose('split');
    tool.value = next === 'divider' && compare.kind !== 'split' ? 'hand' : next;
    if (tool.value !== 'hand') focus.value = tool.value === 'region' ? 'view' : 'divider';
  }
  watch(
    () => compare.kind,
    (kind) => {
      if (kind !== 'split' && tool.value === 'divider') tool.value = 'hand';
    },
  );

  return {
    tab,
    tool,
    hand: computed((): Tool => (isSpaceHeld.value ? 'hand' : tool.value)),
    isSpaceHeld,
    card,
    isQueueOpen,
    isExporting,
    focus,
    take,
    toggle: (wanted: Tool) => take(tool.value === wanted ? 'hand' : wanted),
    /** Closes the card over the view; false: there is none. */
    closeCard(): boolean {
      const isOpen = card.value !== null;
      card.value = null;
      return isOpen;
    },
  };
});
