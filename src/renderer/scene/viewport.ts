import type { PhotoInfo } from '../../shared/contract';
import type { Rect, Size } from '../../shared/geometry';
import * as cameraLaw from './camera';
import type { Camera } from './camera';
import { camerasFor, inPane, moveCamera, paneAt, rearrange, sourceIn } from './cameras';
import { middleOf, type ScreenPoint, type SourcePoint } from './coordinates';
import { quadsIn } from './drawPlan';
import type { Drawing } from './drawing/drawing';
import { paintingOf, type Paints } from './drawing/painting';
import { advance, flyTo, panMotion, pinch, turnWheel, zoomTowards, type ZoomMotion } from './motion';
import type { Pane } from './panes/pane';
import type { Frame, SceneView, Scene, SceneContent } from './scene';
import type { SceneFacts } from './sceneFacts';

/** Rest after a zoom before its tiles are asked for, milliseconds. */
const SETTLE_MILLISECONDS = 80;
const FADE_MILLISECONDS = 80;
/** Room around a photo that fits its pane, CSS pixels. */
const FIT_MARGIN = 24;

/** What is on the canvas, told when it is: what lies over the photo moves with it. */
export interface DrawnFrame extends Pick<Frame, 'shown' | 'makers'> {
  /** The camera of the pane that was moved last, and whether it shows the whole photo; null: there is none. */
  readonly moved: { readonly camera: Camera; readonly isFitted: boolean } | null;
  /** Where the pointer was on the canvas, device pixels; null: not over it. */
  readonly cursor: ScreenPoint | null;
  /** What is true of its tiles; null: the same as with the frame before. */
  readonly facts: SceneFacts | null;
}

export interface ViewportOptions {
  readonly drawing: Drawing;
  readonly scene: Scene;
  readonly drawn: (frame: DrawnFrame) => void;
  /** Whether what is told of the tiles is of the view as it is now: false from a move until its tiles are asked for. */
  readonly settled: (isSettled: boolean) => void;
  readonly paints: () => Paints;
  readonly reducedMotion: () => boolean;
}

/** A zoom of one pane on its way. */
interface PaneMotion {
  readonly pane: number;
  readonly zoom: ZoomMotion;
}

/**
 * The cameras' movement and the drawing of frames: hands in, pictures out. Positions are device pixels of the
 * canvas. Draws only when something changed, moves or fades.
 */
export class Viewport {
  private canvas: Size = { width: 1, height: 1 };
  private pixelRatio = 1;
  private content: SceneContent | null = null;
  private panes: readonly Pane[] = [];
  /** One a pane. */
  private cameras: readonly Camera[] = [];
  private moved: DrawnFrame['moved'] = null;
  private cursor: ScreenPoint | null = null;
  private motion: PaneMotion | null = null;
  /** The whole photo is shown, and stays so when the window changes. */
  private fitted = true;
  private zoomedAt = -Infinity;
  private lastFrame = 0;
  private frame = 0;
  /** Counts the views that were to be shown. */
  private views = 0;
  /** Something changed while as many frames were on their way as are worth it. */
  private isBehind = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ViewportOptions) {}

  /** Size of the canvas in device pixels. */
  resize(canvas: Size, pixelRatio: number): void {
    this.canvas = canvas;
    this.pixelRatio = pixelRatio;
    this.panes = this.options.scene.panesOn(canvas);
    if (this.fitted) this.showFitted();
    this.unsettle();
  }

  /** Another photo is shown whole first; other methods or panes keep what is under the cursor where it is. */
  show(content: SceneContent | null): void {
    const isSamePhoto = isSame(this.content?.layers[0]?.photo, content?.layers[0]?.photo);
    const before = this.panes;
    this.options.scene.show(content);
    this.content = content;
    this.panes = this.options.scene.panesOn(this.canvas);
    this.cameras = isSamePhoto
      ? rearrange(before, this.cameras, this.panes, this.cursor)
      : camerasFor(this.panes.length, this.cameras);
    if (this.panes.length !== before.length) this.motion = null;
    const [camera] = this.cameras;
    if (isSamePhoto && camera) this.moved = { camera, isFitted: this.fitted };
    if (!isSamePhoto || (this.fitted && this.panes.length !== before.length)) this.showFitted();
    this.unsettle();
  }

  hover(cursor: ScreenPoint | null): void {
    this.cursor = cursor;
    if (!this.panes.some(({ follows }) => follows)) return;
    this.unsettle();
  }

  /** The point of the photo under a position of the canvas; null: there is no pane. */
  sourceAt(at: ScreenPoint): SourcePoint | null {
    const pane = paneAt(this.panes, at);
    return pane === null ? null : sourceIn(this.panes[pane]!.rect, this.cameras[pane]!, at);
  }

  /**
   * Moves the photo: with a hand, `from` says in which pane, and a zoom on its way ends there; null: by keys, where
   * the cursor is, and the zoom goes on to where its own key sent it.
   */
  pan(dx: number, dy: number, from: ScreenPoint | null): void {
    const pane = this.paneOf(from ?? this.cursor);
    const camera = this.cameras[pane];
    if (!camera) return;
    const { motion } = this;
    this.motion = from === null && motion ? { ...motion, zoom: panMotion(motion.zoom, dx, dy) } : null;
    this.fitted = false;
    this.move(pane, cameraLaw.panBy(camera, dx, dy));
  }

  wheel(anchor: ScreenPoint, deltaPixels: number, eased: boolean): void {
    const pane = this.paneOf(anchor);
    const own = this.panes[pane];
    const camera = this.cameras[pane];
    if (!own || !camera) return;
    const factor = cameraLaw.wheelFactor(deltaPixels);
    const running = this.motion?.pane === pane ? this.motion.zoom : null;
    this.zoomAlong(pane, turnWheel(camera, own.rect, running, inPane(anchor, own.rect), factor), eased);
  }

  /** To the next stop, around the cursor or the middle. */
  step(direction: 1 | -1): void {
    const camera = this.cameras[this.paneOf(this.cursor)];
    if (camera) this.zoomTo(cameraLaw.nextStop(this.motion?.zoom.target ?? camera.zoom, direction));
  }

  zoomTo(zoom: number): void {
    const pane = this.paneOf(this.cursor);
    const own = this.panes[pane];
    const camera = this.cameras[pane];
    if (!own || !camera) return;
    const anchor = this.cursor ? inPane(this.cursor, own.rect) : middleOf(own.rect);
    this.zoomAlong(pane, zoomTowards(camera, own.rect, anchor, zoom), true);
  }

  pinch(before: readonly [ScreenPoint, ScreenPoint], after: readonly [ScreenPoint, ScreenPoint]): void {
    const pane = this.paneOf(before[0]);
    const own = this.panes[pane];
    const camera = this.cameras[pane];
    if (!own || !camera) return;
    this.motion = null;
    this.fitted = false;
    this.zoomedAt = performance.now();
    const local = ([a, b]: readonly [ScreenPoint, ScreenPoint]): [ScreenPoint, ScreenPoint] => [
      inPane(a, own.rect),
      inPane(b, own.rect),
    ];
    this.move(pane, pinch(camera, own.rect, local(before), local(after)));
  }

  fit(): void {
    const pane = this.paneOf(this.cursor);
    const own = this.panes[pane];
    const camera = this.cameras[pane];
    if (!own || !camera) return;
    this.fitted = true;
    const end = this.fittedCamera(pane);
    const zoom = this.options.reducedMotion() ? null : flyTo(camera, own.rect, end);
    this.motion = zoom && { pane, zoom };
    if (!zoom) this.move(pane, end);
    this.zoomedAt = performance.now();
    this.unsettle();
  }

  /** Comes to a part of the photo and shows it whole. */
  fly(part: Rect<'source'>): void {
    const pane = this.paneOf(this.cursor);
    const own = this.panes[pane];
    const camera = this.cameras[pane];
    if (!own || !camera) return;
    const close = cameraLaw.fit(part, own.rect, 2 * FIT_MARGIN * this.pixelRatio);
    const end: Camera = { zoom: close.zoom, x: part.x + part.width / 2, y: part.y + part.height / 2 };
    this.fitted = false;
    const zoom = this.options.reducedMotion() ? null : flyTo(camera, own.rect, end);
    this.motion = zoom && { pane, zoom };
    if (!zoom) this.move(pane, end);
    this.zoomedAt = performance.now();
    this.unsettle();
  }

  /** Draws anew what is there. */
  invalidate(): void {
    if (this.frame === 0) {
      this.frame = requestAnimationFrame((now) => {
        this.frame = 0;
        this.draw(now);
      });
    }
  }

  close(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }

  /** Another view of the photo from now on: its tiles are asked for with the frame in which it rests. */
  private unsettle(): void {
    this.views += 1;
    this.options.settled(false);
    this.invalidate();
  }

  private paneOf(at: ScreenPoint | null): number {
    return (at && paneAt(this.panes, at)) ?? 0;
  }

  /** The photo that a pane shows. */
  private photoIn(pane: number): PhotoInfo | undefined {
    const [pass] = this.panes[pane]?.passes ?? [];
    if (!pass) return undefined;
    return this.content?.layers[pass.kind === 'layer' ? pass.layer : pass.layers[0]]?.photo;
  }

  private fittedCamera(pane: number): Camera {
    const photo = this.photoIn(pane) ?? { width: 1, height: 1 };
    return cameraLaw.fit(photo, this.panes[pane]!.rect, FIT_MARGIN * this.pixelRatio);
  }

  private showFitted(): void {
    this.fitted = true;
    this.motion = null;
    this.cameras = this.panes.map((_, pane) => this.fittedCamera(pane));
    if (this.panes.length > 0) this.move(0, this.cameras[0]!);
    else this.invalidate();
  }

  private zoomAlong(pane: number, zoom: ZoomMotion, eased: boolean): void {
    this.fitted = false;
    this.zoomedAt = performance.now();
    if (eased && !this.options.reducedMotion()) {
      this.motion = { pane, zoom };
      this.unsettle();
    } else {
      this.motion = null;
      const { rect } = this.panes[pane]!;
      this.move(pane, cameraLaw.zoomAt(this.cameras[pane]!, rect, zoom.anchor, zoom.target));
    }
  }

  private move(pane: number, camera: Camera): void {
    const photo = this.photoIn(pane);
    const moved = photo ? cameraLaw.keepOnPhoto(camera, photo) : camera;
    this.cameras = moveCamera(this.cameras, pane, moved, this.content?.link ?? 'together');
    this.moved = { camera: moved, isFitted: this.fitted };
    this.unsettle();
  }

  private draw(now: number): void {
    const { drawing, scene } = this.options;
    this.isBehind = !drawing.isReady;
    if (this.isBehind) return;
    const elapsed = Math.min(50, Math.max(0, now - this.lastFrame));
    this.lastFrame = now;
    if (this.motion) {
      const { pane, zoom } = this.motion;
      const next = advance(this.cameras[pane]!, this.panes[pane]!.rect, zoom, elapsed);
      this.motion = next.motion && { pane, zoom: next.motion };
      this.zoomedAt = performance.now();
      this.move(pane, next.camera);
    }
    const rested = performance.now() - this.zoomedAt;
    const settled = !this.motion && rested >= SETTLE_MILLISECONDS;
    const { canvas, cameras, cursor } = this;
    const view: SceneView = { canvas, cameras, cursor, settled };
    scene.request(view);
    const fade = this.options.reducedMotion() ? 0 : FADE_MILLISECONDS;
    const { draws, shown, makers } = scene.frame(view, fade);
    const { content, views, moved } = this;
    const facts = scene.news();
    drawing.draw(paintingOf(canvas, draws, this.options.paints()), () => {
      // What was drawn of other content is not what is told of now: a frame of this content follows.
      if (content === this.content) {
        this.options.drawn({ moved, cursor, shown, makers, facts });
        if (views === this.views) this.options.settled(settled);
      }
      if (this.isBehind) this.invalidate();
    });
    if (draws.some((one) => quadsIn(one).some((quad) => quad.opacity < 1))) this.invalidate();
    if (!settled && !this.motion) this.wake(SETTLE_MILLISECONDS - rested);
  }

  private wake(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.invalidate(), Math.max(1, milliseconds));
  }
}

/** The same photo, also when it was opened anew after the engine was started again. */
const isSame = (a: PhotoInfo | undefined, b: PhotoInfo | undefined): boolean =>
  a?.name === b?.name && a?.width === b?.width && a?.height === b?.height;
