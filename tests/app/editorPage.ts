import { expect, type Locator, type Page } from '@playwright/test';
import sharp from 'sharp';

export interface DroppedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** RGBA, 8 bit, top row first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** The editor in a window, by what a user sees of it. */
export class EditorPage {
  readonly view: Locator;
  readonly surface: Locator;
  readonly status: Locator;
  /** Errors and warnings of the console, and exceptions: there must be none. */
  readonly complaints: string[] = [];

  constructor(readonly page: Page) {
    this.view = page.locator('.view');
    this.surface = page.locator('canvas#view');
    this.status = page.locator('footer');
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const isComplaint = message.type() === 'error' || message.type() === 'warning';
      // The browser's own word about screenshots of a software-drawn canvas.
      if (isComplaint && !message.text().includes('GPU stall due to ReadPixels')) {
        this.complaints.push(message.text());
      }
    });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  method(name: string): Locator {
    return this.page.getByRole('radio', { name: new RegExp(`^${name}`) });
  }

  field(label: string): Locator {
    return this.page.getByRole('textbox', { name: label, exact: true });
  }

  async openSample(): Promise<void> {
    await this.button('Try the sample').click();
    await expect(this.view).not.toHaveAttribute('data-photo', '');
    // Where it lies is known once it is drawn.
    await expect(this.view).not.toHaveAttribute('data-zoom', '0');
  }

  async chooseFiles(...files: readonly DroppedFile[]): Promise<void> {
    await this.page
      .locator('.app > input[type=file]')
      .setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType: 'image/png', buffer: bytes })));
  }

  /** Drops files anywhere in the window, as from a file manager. */
  async drop(...files: readonly DroppedFile[]): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      (contents) => {
        const data = new DataTransfer();
        for (const { name, base64 } of contents) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name));
        }
        return data;
      },
      files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') })),
    );
    await this.page.dispatchEvent('.app', 'dragenter', { dataTransfer: transfer });
    await this.page.dispatchEvent('.app', 'drop', { dataTransfer: transfer });
  }

  /** Until the view rests, and every tile of it is final: what it says of its tiles while it moves is of before. */
  async sharp(): Promise<void> {
    await expect
      .poll(
        () =>
          this.view.evaluate((view: HTMLElement) => {
            const { settled, tilesDone, tilesTotal } = view.dataset;
            return settled === 'true' && Number(tilesTotal) > 0 && tilesDone === tilesTotal;
          }),
        { timeout: 45_000, intervals: [50] },
      )
      .toBe(true);
  }

  async zoom(): Promise<number> {
    return Number(await this.view.getAttribute('data-zoom'));
  }

  /** What the view shows, after tiles have faded in. */
  async picture(): Promise<Picture> {
    await this.page.evaluate(
      () => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 120)),
    );
    const shot = await this.surface.screenshot();
    const { data, info } = await sharp(shot).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  }

  /** Source pixel under the cursor, as the status bar tells it. */
  async position(): Promise<{ x: number; y: number } | null> {
    const text = await this.status.locator('.position').innerText();
    const found = /x\s*(\d+)\s*y\s*(\d+)/.exec(text);
    return found ? { x: Number(found[1]), y: Number(found[2]) } : null;
  }

  async box(): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.surface.boundingBox();
    if (!box) throw new Error('the view is not on screen');
    return box;
  }
}

/** Mean absolute difference of two pictures' colours over a rectangle, 0 to 255. */
export function difference(a: Picture, b: Picture, at: { readonly x: number; readonly y: number }): number {
  let sum = 0;
  for (let y = 0; y < b.height; y += 1) {
    for (let x = 0; x < b.width; x += 1) {
      const here = ((y + at.y) * a.width + x + at.x) * 4;
      const there = (y * b.width + x) * 4;
      for (let c = 0; c < 3; c += 1) sum += Math.abs(a.data[here + c]! - b.data[there + c]!);
    }
  }
  return sum / (b.width * b.height * 3);
}
