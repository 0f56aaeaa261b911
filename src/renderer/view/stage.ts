import type { Size } from '../../shared/geometry';
import * as cameras from './camera';
import type { Camera, Point } from './camera';
import type { Drawer, Paints } from './drawer';
import type { LiveView, Look, Sight } from './liveView';
import { advance, flyTo, pinch, turnWheel, zoomTowards, type ZoomMotion } from './motion';

/** Rest after a zoom before its tiles are asked for, milliseconds. */
const SETTLE_MILLISECONDS = 80;
const FADE_MILLISECONDS = 80;
/** Room around a photo that fits the view, CSS pixels. */
const FIT_MARGIN = 24;

export interface StageOptions {
  readonly drawer: Drawer;
  readonly live: LiveView;
  readonly moved: (camera: Camera, fitted: boolean) => void;
  /** Whether anything of the photo is on screen; told every frame. */
  readonly drawn: (hasPixels: boolean) => void;
  readonly paints: () => Paints;
  readonly reducedMotion: () => boolean;
}

/**
 * The camera's movement and the drawing of frames: hands in, pictures out. Draws only when something
 * changed, moves or fades.
 */
export class Stage {
  private camera: Camera = { zoom: 1, x: 0, y: 0 };
  private viewport: Size = { width: 1, height: 1 };
  private pixelRatio = 1;
  private photo: Sight['photo'] | null = null;
  private cursor: Point | null = null;
  private motion: ZoomMotion | null = null;
  /** The whole photo is shown, and stays so when the window changes. */
  private fitted = true;
  private zoomedAt = -Infinity;
  private lastFrame = 0;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: StageOptions) {}

  /** Size of the canvas in device pixels. */
  resize(viewport: Size, pixelRatio: number): void {
    this.viewport = viewport;
    this.pixelRatio = pixelRatio;
    if (this.fitted) this.showFitted();
    else this.invalidate();
  }

  /** Another photo is shown whole first; another method keeps the camera where it is. */
  choose(sight: Sight | null): void {
    const samePhoto = isSame(this.photo, sight?.photo ?? null);
    this.options.live.choose(sight);
    this.photo = sight?.photo ?? null;
    if (!samePhoto) this.showFitted();
    this.invalidate();
  }

  hover(cursor: Point | null): void {
    this.cursor = cursor;
  }

  sourceAt(screen: Point): Point {
    return cameras.toSource(this.camera, this.viewport, screen);
  }

  pan(dx: number, dy: number): void {
    this.motion = null;
    this.fitted = false;
    this.move(cameras.panBy(this.camera, dx, dy));
  }

  wheel(anchor: Point, deltaPixels: number, eased: boolean): void {
    const factor = cameras.wheelFactor(deltaPixels);
    this.zoomAlong(turnWheel(this.camera, this.viewport, this.motion, anchor, factor), eased);
  }

  /** To the next stop, around the cursor or the middle. */
  step(direction: 1 | -1): void {
    this.zoomTo(cameras.nextStop(this.motion?.target ?? this.camera.zoom, direction));
  }

  zoomTo(zoom: number): void {
    this.zoomAlong(zoomTowards(this.camera, this.viewport, this.cursor ?? this.middle(), zoom), true);
  }

  pinch(before: readonly [Point, Point], after: readonly [Point, Point]): void {
    this.motion = null;
    this.fitted = false;
    this.zoomedAt = performance.now();
    this.move(pinch(this.camera, this.viewport, before, after));
  }

  fit(): void {
    if (!this.photo) return;
    this.fitted = true;
    const end = this.fittedCamera(this.photo);
    this.motion = this.options.reducedMotion() ? null : flyTo(this.camera, this.viewport, end);
    if (!this.motion) this.move(end);
    this.zoomedAt = performance.now();
    this.invalidate();
  }

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

  private middle(): Point {
    return { x: this.viewport.width / 2, y: this.viewport.height / 2 };
  }

  private fittedCamera(photo: Size): Camera {
    return cameras.fit(photo, this.viewport, FIT_MARGIN * this.pixelRatio);
  }

  private showFitted(): void {
    this.fitted = true;
    this.motion = null;
    if (this.photo) this.move(this.fittedCamera(this.photo));
    else this.invalidate();
  }

  private zoomAlong(motion: ZoomMotion, eased: boolean): void {
    if (!this.photo) return;
    this.fitted = false;
    this.zoomedAt = performance.now();
    if (eased && !this.options.reducedMotion()) {
      this.motion = motion;
      this.invalidate();
    } else {
      this.motion = null;
      this.move(cameras.zoomAt(this.camera, this.viewport, motion.anchor, motion.target));
    }
  }

  private move(camera: Camera): void {
    this.camera = this.photo ? cameras.keepOnPhoto(camera, this.photo) : camera;
    this.options.moved(this.camera, this.fitted);
    this.invalidate();
  }

  private draw(now: number): void {
    const elapsed = Math.min(50, Math.max(0, now - this.lastFrame));
    this.lastFrame = now;
    if (this.motion) {
      const next = advance(this.camera, this.viewport, this.motion, elapsed);
      this.motion = next.motion;
      this.zoomedAt = performance.now();
      this.move(next.camera);
    }
    const rested = performance.now() - this.zoomedAt;
    const settled = !this.motion && rested >= SETTLE_MILLISECONDS;
    const { camera, viewport, cursor } = this;
    const look: Look = { camera, viewport, cursor, settled };
    this.options.live.look(look);
    const fade = this.options.reducedMotion() ? 0 : FADE_MILLISECONDS;
    const quads = this.options.live.plan(look, fade);
    this.options.drawer.draw(viewport, quads, this.options.paints());
    this.options.drawn(quads.length > 0);
    if (quads.some((quad) => quad.opacity < 1)) this.invalidate();
    if (!settled && !this.motion) this.wake(SETTLE_MILLISECONDS - rested);
  }

  private wake(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.invalidate(), Math.max(1, milliseconds));
  }
}

/** The same photo, also when it was opened anew under another id after the engine was started again. */
const isSame = (a: Sight['photo'] | null, b: Sight['photo'] | null): boolean =>
  a?.name === b?.name && a?.width === b?.width && a?.height === b?.height;
