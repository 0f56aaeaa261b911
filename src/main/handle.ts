import {
  ipcMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  type WebContents,
  type WebFrameMain,
} from 'electron';
import { FaultError } from '../shared/faults';
import { PAGE_ORIGIN } from './protocol';

/** Whether a message comes from the top frame of our own window, showing our own page. */
function isOurPage(sender: WebContents, frame: WebFrameMain | null, ours: WebContents | undefined): boolean {
  return (
    frame !== null &&
    ours !== undefined &&
    sender === ours &&
    frame.parent === null &&
    frame.origin === PAGE_ORIGIN
  );
}

/** The web contents of the window, if there is one. */
export type OurContents = () => WebContents | undefined;

/** Answers `channel` for our page; any other sender's call rejects. */
export function handle(
  channel: string,
  ours: OurContents,
  answer: (payload: unknown, event: IpcMainInvokeEvent) => Promise<unknown>,
): void {
  ipcMain.handle(channel, (event, payload: unknown) => {
    if (isOurPage(event.sender, event.senderFrame, ours())) return answer(payload, event);
    throw new FaultError(
      'bad-message',
      `Expected ${channel} from the page of Enlarger, received it from elsewhere.`,
    );
  });
}

/** Listens to `channel` from our page; a message of any other sender is dropped, its ports closed. */
export function listen(channel: string, ours: OurContents, take: (event: IpcMainEvent) => void): void {
  ipcMain.on(channel, (event) => {
    if (isOurPage(event.sender, event.senderFrame, ours())) take(event);
    else for (const port of event.ports) port.close();
  });
}
