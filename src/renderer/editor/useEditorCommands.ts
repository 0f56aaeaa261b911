import { useI18n } from 'vue-i18n';
import { useCompare } from '../stores/compare';
import { useDocument } from '../stores/document';
import { useDocuments } from '../stores/documents';
import { useNotices } from '../stores/notices';
import { useBlind } from '../stores/blind';
import { useRecover } from '../stores/recover';
import { useRegions } from '../stores/regions';
import { useSettings } from '../stores/settings';
import { useSheet } from '../stores/sheet';
import { useView } from '../stores/view';
import { useViewWork } from '../stores/viewWork';
import { useWorkspace } from '../stores/workspace';
import type { Command } from './shortcuts';
import { useClosing } from './useClosing';
import { useStepName } from './useStepName';

/** The commands whose work is done by the window itself: its dialogs and its file input. */
export type WindowCommand = 'open' | 'export' | 'shortcuts';

export interface EditorCommands {
  readonly commands: Readonly<Record<Command, () => void>>;
  /**
   * Closes what is innermost, and no more: a `field` that has the keyboard and nothing to take back comes before what
   * lies over the photo. An export is stopped by its button alone.
   */
  escape(field: HTMLElement | null): void;
}

/** What every command does, by its name. */
export function useEditorCommands(own: Readonly<Record<WindowCommand, () => void>>): EditorCommands {
  const { t } = useI18n();
  const compare = useCompare();
  const doc = useDocument();
  const documents = useDocuments();
  const notices = useNotices();
  const regions = useRegions();
  const settings = useSettings();
  const blind = useBlind();
  const recover = useRecover();
  const sheet = useSheet();
  const view = useView();
  const work = useViewWork();
  const workspace = useWorkspace();
  const close = useClosing();
  const stepName = useStepName();

  /** Undoes or does again one step, and tells a screen reader which. */
  function travel(direction: 'undo' | 'redo'): void {
    const step = direction === 'undo' ? doc.undoStep : doc.redoStep;
    if (!step) return;
    doc[direction]();
    notices.say(t(direction === 'undo' ? 'history.undone' : 'history.redone', { step: stepName(step) }));
  }

  function split(): void {
    const { axis, at } = compare.compare.split;
    if (compare.kind !== 'split') compare.choose('split');
    else compare.setView({ split: { axis: axis === 'vertical' ? 'horizontal' : 'vertical', at } });
  }

  /** Brings the keyboard to a part of the tools, which come back where they were folded away. */
  function goTo(part: 'method' | 'scale'): void {
    if (!settings.settings.panels) settings.change({ panels: true });
    if (part === 'method') workspace.tab = 'method';
    workspace.focus = part;
  }

  /** Opens the list of what can be compared with; where nothing is compared yet, a split comes first. */
  function compareWith(): void {
    if (!doc.photo) return;
    if (compare.items.length === 0) compare.choose('split');
    workspace.focus = 'compare';
  }

  const commands: Record<Command, () => void> = {
    ...own,
    save: () => void documents.save(),
    saveAs: () => void documents.save(true),
    close: () => doc.photo && close(doc.photo.photo),
    undo: () => travel('undo'),
    redo: () => travel('redo'),
    previous: () => doc.showBeside(-1),
    next: () => doc.showBeside(1),
    fit: () => view.commands?.fit(),
    actual: () => view.commands?.zoomTo(1),
    atScale: () => view.commands?.zoomTo(doc.scale),
    zoomIn: () => view.commands?.step(1),
    zoomOut: () => view.commands?.step(-1),
    single: () => compare.choose('single'),
    split,
    grid: () => compare.choose('grid'),
    flip: () => compare.choose('flip'),
    difference: () => compare.choose('difference'),
    loupe: () => compare.choose('loupe'),
    compareWith,
    blink: () => compare.blink(),
    sheet: () => sheet.open(),
    recover: () => recover.open(),
    blind: () => blind.open(),
    invented: () => doc.photo && view.toggleInvented(),
    stop: () => work.toggle(),
    panels: () => settings.change({ panels: !settings.settings.panels }),
    hand: () => workspace.take('hand'),
    region: () => doc.photo && workspace.toggle('region'),
    divider: () => doc.photo && workspace.toggle('divider'),
    method: () => goTo('method'),
    scale: () => goTo('scale'),
  };

  /** Gives the keyboard back to the photo, where single keys are shortcuts; without one a field only loses it. */
  function leave(field: HTMLElement): void {
    if (doc.photo) workspace.focus = 'view';
    else field.blur();
  }

  function escape(field: HTMLElement | null): void {
    if (doc.isDragging) doc.bail();
    else if (field) leave(field);
    else if (workspace.closeCard()) return;
    else if (workspace.tool !== 'hand') workspace.take('hand');
    else regions.choose(null);
  }

  return { commands, escape };
}
