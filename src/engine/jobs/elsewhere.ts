/** So often it is asked whether other engines still work on what was listed as theirs: nobody else would tell. */
const LOOK_MS = 1000;

export interface ElsewhereParts {
  /** Whether another engine that lives works on a job. */
  readonly isHeld: (job: string) => Promise<boolean>;
  /** One of them is nobody's any more: the list is another. */
  readonly changed: () => void;
}

/**
 * Jobs of other engines, for as long as somebody was told that they run there. An engine whose door was killed may be in
 * the middle of a long tile; when it ends, what it had is offered here.
 */
export class Elsewhere {
  private jobs: readonly string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: ElsewhereParts,
    private readonly lookMs = LOOK_MS,
  ) {}

  /** These were listed as other engines', and no others are. */
  listed(jobs: readonly string[]): void {
    this.jobs = jobs;
    if (jobs.length === 0) this.rest();
    else this.timer ??= setTimeout(() => void this.look(), this.lookMs).unref();
  }

  private async look(): Promise<void> {
    const { jobs } = this;
    const held = await Promise.all(jobs.map((job) => this.parts.isHeld(job)));
    this.timer = undefined;
    if (jobs === this.jobs) this.listed(jobs.filter((_, index) => held[index]));
    else this.listed(this.jobs);
    if (held.includes(false)) this.parts.changed();
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
